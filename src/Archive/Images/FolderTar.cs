namespace Provenance.Archive.Images;

/// <summary>Packs a folder as a tar, always the same bytes for the same files. Runtime.Rootfs gives the real one: it takes system calls.</summary>
/// <returns>A stream that is read once.</returns>
public delegate Stream FolderTar(string folder);
