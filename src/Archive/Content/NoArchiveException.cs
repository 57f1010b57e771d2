namespace Provenance.Archive.Content;

/// <summary>Where an archive is to be looked after there is none.</summary>
public sealed class NoArchiveException(string root, string reason) : ArchiveException($"archive '{root}': {reason}");
