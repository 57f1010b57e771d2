using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>What is the matter with a blob that a record names.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="IsMissing">It is not there, rather than wrong: nobody need have tampered.</param>
internal sealed record BlobProblem(string Text, bool IsMissing)
{
    public static BlobProblem Of(Exception e) => new(e.Message.TrimEnd('.'), e is BlobMissingException);
}
