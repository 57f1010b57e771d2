namespace Provenance.Archive;

/// <summary>Something in the archive, or offered to it, is not as it must be. The message names what failed and on what.</summary>
public class ArchiveException(string message, Exception? cause = null) : Exception(message, cause);
