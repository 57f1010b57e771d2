namespace Provenance.Archive.Images;

/// <summary>What was offered as an image cannot be read as one, or there is no such image.</summary>
public sealed class ImageException(string message, Exception? cause = null) : ArchiveException(message, cause);
