using System.Text.Json;

namespace Provenance.Archive.Records;

/// <summary>The one form in which JSON is hashed and signed: RFC 8785. A reader only checks the form; what is hashed are the bytes as they are.</summary>
/// <remarks>Reading is strict: one value, no duplicate names, no lone surrogates, no byte order mark, no comments.</remarks>
public static class CanonicalJson
{
    /// <summary>Levels of arrays and objects.</summary>
    public const int MaxDepth = 64;

    public const int MaxBytes = 64 << 20;

    /// <summary>RFC 8785: beyond it, readers that have doubles alone get another number.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    private static readonly JsonReaderOptions Strict = new()
    {
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <exception cref="JsonFormatException">The bytes are no JSON, or not of the profile.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> json, CanonicalProfile profile = CanonicalProfile.Record)
    {
        if (json.Length > MaxBytes)
        {
            throw new JsonFormatException($"has {json.Length} bytes, at most {MaxBytes} are allowed");
        }

        try
        {
            var writer = new CanonicalJsonWriter(json.Length, profile);
            var reader = new Utf8JsonReader(json, Strict);
            reader.Read();
            writer.Value(ref reader);
            // :: RFC 8259 §2: one value, then nothing. The reader throws on anything but white space.
            reader.Read();
            return writer.ToArray();
        }
        catch (JsonException e)
        {
            throw new JsonFormatException($"at byte {e.BytePositionInLine} of line {e.LineNumber}: {Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            // What Utf8JsonReader.GetString throws for invalid UTF-8 and for a lone surrogate.
            throw new JsonFormatException("a string is not valid Unicode", e);
        }
    }

    /// <summary>Whether the bytes are exactly what <see cref="Canonicalize"/> would make of them.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json, CanonicalProfile profile = CanonicalProfile.Record)
    {
        try
        {
            return Canonicalize(json, profile).AsSpan().SequenceEqual(json);
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    /// <summary>The first sentence of the library's message; the rest repeats the place.</summary>
    private static string Reason(JsonException e)
    {
        int end = e.Message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? e.Message.TrimEnd('.') : e.Message[..end]).Replace("'", "\"", StringComparison.Ordinal);
    }
}
