namespace Provenance.Archive.Content;

/// <summary>A blob that something names is not in the archive.</summary>
public sealed class BlobMissingException(Digest digest) : ArchiveException($"blob '{digest}' is not in the archive")
{
    public Digest Digest { get; } = digest;
}
