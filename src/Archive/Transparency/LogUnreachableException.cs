namespace Provenance.Archive.Transparency;

/// <summary>A log could not be asked: nothing is said of the log itself.</summary>
public sealed class LogUnreachableException(string message, Exception? cause = null) : ArchiveException(message, cause);
