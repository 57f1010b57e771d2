namespace Provenance.Archive.Trust;

/// <summary>A key or a trusted certificate of this archive cannot be used.</summary>
public sealed class TrustException(string subject, string reason, Exception? cause = null)
    : ArchiveException($"'{subject}': {reason}", cause)
{
    /// <summary>The file.</summary>
    public string Subject { get; } = subject;
}
