namespace Provenance.Archive.Transparency;

/// <summary>The log on disk is not as it must be: a tile, an entry or the checkpoint is missing or does not agree with the others.</summary>
public sealed class LogException(string message, Exception? cause = null) : ArchiveException(message, cause);
