namespace Provenance.Archive.Exchange;

/// <summary>What was offered as a bundle is none, or is not whole. Nothing of it was taken in.</summary>
public sealed class BundleException(string message, Exception? cause = null) : ArchiveException(message, cause);
