namespace Provenance.Runtime.Native;

/// <summary>What statvfs(3) says of a file system.</summary>
/// <param name="Flags"><c>ST_RDONLY</c> and its like.</param>
internal readonly record struct FileSystemStatus(long TotalBytes, long AvailableBytes, ulong Flags);
