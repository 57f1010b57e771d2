namespace Provenance.Archive.Records;

/// <summary>The statement that a paper rests on a run.</summary>
public static class CitationStatement
{
    private const string SubjectName = "run";

    public static Statement<CitationRecord> Of(CitationRecord citation) => new()
    {
        Subject = [SubjectOf(citation)],
        PredicateType = StatementTypes.Citation,
        Predicate = citation,
    };

    /// <exception cref="RecordFormatException">Subject and predicate do not speak of one run, or what is said is not in its limits.</exception>
    internal static void Check(Statement<CitationRecord> statement, string what)
    {
        var citation = statement.Predicate;
        if (statement.Subject is not [var subject] || subject != SubjectOf(citation))
        {
            throw new RecordFormatException(what, "its subject is not the run that it cites");
        }

        if (citation.Title is { } title && !IsLine(title, CitationRecord.MaxTitle))
        {
            throw new RecordFormatException(what, $"its title is not one line of 1 to {CitationRecord.MaxTitle} characters");
        }

        if (citation.Figures.Count > CitationRecord.MaxFigures)
        {
            throw new RecordFormatException(what, $"it has {citation.Figures.Count} figures, at most {CitationRecord.MaxFigures} expected");
        }

        if (citation.Figures.FirstOrDefault(figure => !IsLine(figure.Label, CitationRecord.MaxLabel)) is not null)
        {
            throw new RecordFormatException(what, $"a figure's label is not one line of 1 to {CitationRecord.MaxLabel} characters");
        }
    }

    /// <summary>Whether a text is one line that a record may hold: no character that only a terminal understands.</summary>
    public static bool IsLine(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl);

    private static Subject SubjectOf(CitationRecord citation) => new()
    {
        Name = SubjectName,
        Digest = new DigestSet { Sha256 = citation.Run.Sha256, Sha512 = citation.Run.Sha512 },
    };
}
