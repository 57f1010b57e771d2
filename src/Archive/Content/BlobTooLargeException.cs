namespace Provenance.Archive.Content;

/// <summary>Content has more bytes than we are willing to take.</summary>
public sealed class BlobTooLargeException(string subject, long maxBytes)
    : ArchiveException($"'{subject}' has more than the {maxBytes} bytes allowed here")
{
    /// <summary>In bytes.</summary>
    public long MaxBytes { get; } = maxBytes;
}
