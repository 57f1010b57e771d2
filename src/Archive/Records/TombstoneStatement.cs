namespace Provenance.Archive.Records;

/// <summary>The statement that a record is taken down.</summary>
public static class TombstoneStatement
{
    private const string SubjectName = "record";

    public static Statement<TombstoneRecord> Of(TombstoneRecord tombstone) => new()
    {
        Subject = [SubjectOf(tombstone)],
        PredicateType = StatementTypes.Tombstone,
        Predicate = tombstone,
    };

    /// <exception cref="RecordFormatException">Subject and predicate do not speak of one record, or what is said is not in its limits.</exception>
    internal static void Check(Statement<TombstoneRecord> statement, string what)
    {
        var tombstone = statement.Predicate;
        if (tombstone.Kind == RecordKind.Tombstone)
        {
            throw new RecordFormatException(what, "takes a tombstone down, expected a record of another kind");
        }

        if (statement.Subject is not [var subject] || subject != SubjectOf(tombstone))
        {
            throw new RecordFormatException(what, "its subject is not the record that it takes down");
        }

        if (!IsReason(tombstone.Reason))
        {
            throw new RecordFormatException(what, $"its reason is not one line of 1 to {TombstoneRecord.MaxReason} characters");
        }
    }

    /// <summary>Whether a text can be a reason: one line, and no character that only a terminal understands.</summary>
    public static bool IsReason(string text) => CitationStatement.IsLine(text, TombstoneRecord.MaxReason);

    private static Subject SubjectOf(TombstoneRecord tombstone) => new()
    {
        Name = SubjectName,
        Digest = new DigestSet { Sha256 = tombstone.Record.Sha256, Sha512 = tombstone.Record.Sha512 },
    };
}
