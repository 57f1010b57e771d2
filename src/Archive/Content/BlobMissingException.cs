namespace Provenance.Archive.Content;

/// <summary>A blob that something names is not in the archive.</summary>
public sealed class BlobMissingException(Digest digest) : ArchiveException($"blob '{digest}' is not in the archive")
{
    public Digest Digest { get; } = digest;
}

/// <summary>Content has more bytes than we are willing to take.</summary>
public sealed class BlobTooLargeException(string subject, long maxBytes)
    : ArchiveException($"'{subject}' has more than the {maxBytes} bytes allowed here")
{
    /// <summary>In bytes.</summary>
    public long MaxBytes { get; } = maxBytes;
}
