namespace Provenance.Archive.Content;

/// <summary>Makes the names in a folder durable: fsync(2) of the folder itself.</summary>
/// <remarks>.NET opens no folders, and the archive makes no system calls of its own; Runtime.Native gives the real one.</remarks>
public delegate void FolderSync(string folder);
