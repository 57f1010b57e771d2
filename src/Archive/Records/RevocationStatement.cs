namespace Provenance.Archive.Records;

/// <summary>The statement that a revocation list was to be had.</summary>
public static class RevocationStatement
{
    private const string SubjectName = "list";

    public static Statement<RevocationRecord> Of(RevocationRecord revocation) => new()
    {
        Subject = [SubjectOf(revocation)],
        PredicateType = StatementTypes.Revocation,
        Predicate = revocation,
    };

    /// <exception cref="RecordFormatException">The subject is not the list.</exception>
    internal static void Check(Statement<RevocationRecord> statement, string what)
    {
        if (statement.Subject is not [var subject] || subject != SubjectOf(statement.Predicate))
        {
            throw new RecordFormatException(what, "its subject is not the list");
        }
    }

    private static Subject SubjectOf(RevocationRecord revocation) =>
        new() { Name = SubjectName, Digest = new DigestSet { Sha256 = revocation.List.Digest.Hex, Sha512 = revocation.List.Sha512 } };
}
