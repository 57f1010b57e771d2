using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>Records to the bytes that are signed, and back. The only place where JSON that is hashed is made.</summary>
/// <remarks>What is read must be, byte for byte, what we would have written: then two readers cannot understand one signature differently.</remarks>
public static class RecordJson
{
    private static RecordJsonContext Context => RecordJsonContext.Default;

    public static byte[] Serialize(Statement<ImageRecord> statement) => Write(statement, Context.StatementImageRecord);

    public static byte[] Serialize(Statement<RunRecord> statement) => Write(statement, Context.StatementRunRecord);

    public static byte[] Serialize(Statement<ReplayRecord> statement) => Write(statement, Context.StatementReplayRecord);

    public static byte[] Serialize(Statement<EndorsementRecord> statement) => Write(statement, Context.StatementEndorsementRecord);

    public static byte[] Serialize(Statement<CitationRecord> statement) => Write(statement, Context.StatementCitationRecord);

    public static byte[] Serialize(Statement<RotationRecord> statement) => Write(statement, Context.StatementRotationRecord);

    public static byte[] Serialize(Statement<RevocationRecord> statement) => Write(statement, Context.StatementRevocationRecord);

    public static byte[] Serialize(Statement<TombstoneRecord> statement) => Write(statement, Context.StatementTombstoneRecord);

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<ImageRecord> ParseImage(ReadOnlySpan<byte> statement) =>
        Parse(statement, Context.StatementImageRecord, RecordKind.Image);

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<RunRecord> ParseRun(ReadOnlySpan<byte> statement) =>
        Parse(statement, Context.StatementRunRecord, RecordKind.Run);

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<ReplayRecord> ParseReplay(ReadOnlySpan<byte> statement) =>
        Parse(statement, Context.StatementReplayRecord, RecordKind.Replay);

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<EndorsementRecord> ParseEndorsement(ReadOnlySpan<byte> statement)
    {
        var parsed = Parse(statement, Context.StatementEndorsementRecord, RecordKind.Endorsement);
        EndorsementStatement.Check(parsed, "endorsement statement");
        return parsed;
    }

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<CitationRecord> ParseCitation(ReadOnlySpan<byte> statement)
    {
        var parsed = Parse(statement, Context.StatementCitationRecord, RecordKind.Citation);
        CitationStatement.Check(parsed, "citation statement");
        return parsed;
    }

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<RotationRecord> ParseRotation(ReadOnlySpan<byte> statement)
    {
        var parsed = Parse(statement, Context.StatementRotationRecord, RecordKind.Rotation);
        RotationStatement.Check(parsed, "rotation statement");
        return parsed;
    }

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<RevocationRecord> ParseRevocation(ReadOnlySpan<byte> statement)
    {
        var parsed = Parse(statement, Context.StatementRevocationRecord, RecordKind.Revocation);
        RevocationStatement.Check(parsed, "revocation statement");
        return parsed;
    }

    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static Statement<TombstoneRecord> ParseTombstone(ReadOnlySpan<byte> statement)
    {
        var parsed = Parse(statement, Context.StatementTombstoneRecord, RecordKind.Tombstone);
        TombstoneStatement.Check(parsed, "tombstone statement");
        return parsed;
    }

    /// <summary>What is said in a statement of a kind, such as a <see cref="RunRecord"/>.</summary>
    /// <exception cref="RecordFormatException">The bytes are no statement of this kind in the form we write.</exception>
    public static object ParsePredicate(RecordKind kind, ReadOnlySpan<byte> statement) => kind switch
    {
        RecordKind.Image => ParseImage(statement).Predicate,
        RecordKind.Run => ParseRun(statement).Predicate,
        RecordKind.Replay => ParseReplay(statement).Predicate,
        RecordKind.Endorsement => ParseEndorsement(statement).Predicate,
        RecordKind.Rotation => ParseRotation(statement).Predicate,
        RecordKind.Revocation => ParseRevocation(statement).Predicate,
        RecordKind.Tombstone => ParseTombstone(statement).Predicate,
        _ => ParseCitation(statement).Predicate,
    };

    /// <summary>What a statement tells of, from its predicateType alone; the rest is not checked.</summary>
    /// <exception cref="RecordFormatException">It has no predicateType that we know.</exception>
    public static RecordKind KindOf(ReadOnlySpan<byte> statement) => FindKind(statement) ?? throw OfNoKind();

    /// <summary>As <see cref="KindOf"/>; null for a predicateType that we do not know, such as a later program may write.</summary>
    /// <exception cref="RecordFormatException">It is no statement at all.</exception>
    public static RecordKind? FindKind(ReadOnlySpan<byte> statement)
    {
        try
        {
            return PredicateType(statement) is { } type ? StatementTypes.KindOf(type) : throw OfNoKind();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RecordFormatException("statement", "is no JSON object", e);
        }
    }

    /// <summary>Canonical bytes of any value of ours.</summary>
    internal static byte[] Write<T>(T value, JsonTypeInfo<T> type) => value switch
    {
        UsedFile file => CanonicalLine.Of(file),
        TreeEntry entry when CanonicalLine.Of(entry) is { } line => line,
        _ => CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(value, type)),
    };

    /// <summary>Takes only what <see cref="Write"/> makes: an enum as a number, a time in another form, a null, all fall here.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what)
    {
        try
        {
            if (TryReadAsWritten(json, type, out var value))
            {
                return value;
            }

            if (!CanonicalJson.Canonicalize(json).AsSpan().SequenceEqual(json))
            {
                throw new RecordFormatException(what, "is not in canonical form (RFC 8785)");
            }

            _ = JsonSerializer.Deserialize(json, type) ?? throw new RecordFormatException(what, "is null");
            throw new RecordFormatException(what, "has a value in another form than the schema's");
        }
        catch (Exception e) when (e is JsonException or JsonFormatException)
        {
            throw new RecordFormatException(what, OneLine(e.Message), e);
        }
    }

    /// <summary>What we would write is canonical: whoever reads just that need not ask. False for anything else, whatever is wrong with it.</summary>
    private static bool TryReadAsWritten<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            return value is not null && Write(value, type).AsSpan().SequenceEqual(json);
        }
        catch (Exception e) when (e is JsonException or JsonFormatException)
        {
            value = default;
            return false;
        }
    }

    private static Statement<T> Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<Statement<T>> type, RecordKind kind)
    {
        string what = $"{StatementTypes.NameOf(kind)} statement";
        var statement = Read(json, type, what);
        if (statement.Type != StatementTypes.StatementV1)
        {
            throw new RecordFormatException(what, $"_type is '{statement.Type}', expected '{StatementTypes.StatementV1}'");
        }

        if (statement.PredicateType != StatementTypes.Of(kind))
        {
            throw new RecordFormatException(
                what, $"predicateType is '{statement.PredicateType}', expected '{StatementTypes.Of(kind)}'");
        }

        StatementRules.Check(statement, what);
        return statement;
    }

    private static RecordFormatException OfNoKind() => new(
        "statement",
        "its predicateType is none of image/v1, run/v1, replay/v1, endorsement/v1, citation/v1, rotation/v1, revocation/v1, tombstone/v1");

    private static string? PredicateType(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals("predicateType"u8);
            reader.Read();
            if (found)
            {
                return reader.GetString();
            }

            reader.Skip();
        }

        return null;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');
}
