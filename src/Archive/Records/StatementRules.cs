namespace Provenance.Archive.Records;

/// <summary>What must hold in a statement beyond its schema.</summary>
internal static class StatementRules
{
    /// <exception cref="RecordFormatException">A rule is broken.</exception>
    public static void Check<T>(Statement<T> statement, string what)
    {
        // in-toto spec/v1/statement.md: a subject's name must be unique in the statement.
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var subject in statement.Subject)
        {
            if (!names.Add(subject.Name))
            {
                throw new RecordFormatException(what, $"two subjects are named '{subject.Name}'");
            }
        }

        foreach (var blob in RecordBlobs.Of(statement.Predicate))
        {
            if (blob.Size < 0 || blob.Sha512 is null)
            {
                throw new RecordFormatException(what, $"the descriptor of '{blob.Digest}' lacks a size or a SHA-512");
            }
        }
    }
}
