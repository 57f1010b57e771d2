namespace Provenance.Archive.Content;

/// <summary>The archive's one lock: whoever holds it may write the index of images, the log and the catalog. Blobs need none.</summary>
/// <remarks>The system lets go of it when the process ends, however it ends. The file stays: removing it would let two hold it.</remarks>
public sealed class ArchiveLock : IDisposable
{
    /// <summary>EWOULDBLOCK, which .NET puts into HResult when another has the file.</summary>
    private const int WouldBlock = 11;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;

    private ArchiveLock(FileStream file) => _file = file;

    /// <summary>Takes it without waiting.</summary>
    /// <returns>Null when somebody else holds it.</returns>
    /// <exception cref="ArchiveException">The file system has no locks, so that two writers would not see each other.</exception>
    public static ArchiveLock? TryTake(StoreLayout layout) => TryTake(layout, layout.LockFile);

    /// <summary>Takes another one: that of gc.</summary>
    /// <inheritdoc cref="TryTake(StoreLayout)"/>
    internal static ArchiveLock? TryTake(StoreLayout layout, string path)
    {
        Directory.CreateDirectory(layout.Root);
        if (TryOpen(path) is not { } file)
        {
            return null;
        }

        // .NET goes on without a lock where flock(2) is not supported, as on some parallel file systems. A second try that succeeds tells.
        if (TryOpen(path) is not { } second)
        {
            return new ArchiveLock(file);
        }

        second.Dispose();
        file.Dispose();
        throw new ArchiveException($"lock '{path}': this file system does not support flock");
    }

    /// <summary>Waits for it.</summary>
    /// <exception cref="ArchiveException">Somebody else held it all the time.</exception>
    public static ArchiveLock Take(StoreLayout layout, TimeSpan patience) => Take(layout, layout.LockFile, patience);

    /// <summary>Waits for another one.</summary>
    /// <inheritdoc cref="Take(StoreLayout, TimeSpan)"/>
    internal static ArchiveLock Take(StoreLayout layout, string path, TimeSpan patience)
    {
        for (var waited = TimeSpan.Zero; waited < patience; waited += Pause)
        {
            if (TryTake(layout, path) is { } taken)
            {
                return taken;
            }

            Thread.Sleep(Pause);
        }

        throw new ArchiveException($"archive '{layout.Root}': is locked by another process");
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            });
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }
}
