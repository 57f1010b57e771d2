namespace Provenance.Archive.Records;

/// <summary>The statement that somebody stands behind a record.</summary>
public static class EndorsementStatement
{
    private const string SubjectName = "record";

    public static Statement<EndorsementRecord> Of(EndorsementRecord endorsement) => new()
    {
        Subject = [SubjectOf(endorsement)],
        PredicateType = StatementTypes.Endorsement,
        Predicate = endorsement,
    };

    /// <exception cref="RecordFormatException">Subject and predicate do not speak of one record, or what is said is not in its limits.</exception>
    internal static void Check(Statement<EndorsementRecord> statement, string what)
    {
        var endorsement = statement.Predicate;
        if (endorsement.Kind == RecordKind.Endorsement)
        {
            throw new RecordFormatException(what, "endorses an endorsement, expected a record of another kind");
        }

        if (statement.Subject is not [var subject] || subject != SubjectOf(endorsement))
        {
            throw new RecordFormatException(what, "its subject is not the record that it endorses");
        }

        if (endorsement.Comment is { } comment && !IsComment(comment))
        {
            throw new RecordFormatException(what, $"its comment is not one line of 1 to {EndorsementRecord.MaxComment} characters");
        }
    }

    /// <summary>Whether a text can be a comment: one line, and no character that only a terminal understands.</summary>
    public static bool IsComment(string text) =>
        CitationStatement.IsLine(text, EndorsementRecord.MaxComment);

    private static Subject SubjectOf(EndorsementRecord endorsement) => new()
    {
        Name = SubjectName,
        Digest = new DigestSet { Sha256 = endorsement.Record.Sha256, Sha512 = endorsement.Record.Sha512 },
    };
}
