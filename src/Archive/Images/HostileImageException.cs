namespace Provenance.Archive.Images;

/// <summary>What was offered as an image breaks a rule that no image made in good faith breaks, or a limit of ours. Nothing of it is kept.</summary>
public sealed class HostileImageException(string message, Exception? cause = null) : ArchiveException(message, cause);
