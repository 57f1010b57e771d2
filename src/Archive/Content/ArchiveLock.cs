namespace Provenance.Archive.Content;

/// <summary>The archive's one lock: whoever holds it may write the index of images, the log and the catalog. Blobs need none.</summary>
/// <remarks>The system lets go of it when the process ends, however it ends. The file stays: removing it would let two hold it.</remarks>
public sealed class ArchiveLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;

    private ArchiveLock(FileStream file) => _file = file;

    /// <returns>Null when somebody else holds it.</returns>
    public static ArchiveLock? TryTake(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Root);
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            return new ArchiveLock(new FileStream(layout.LockFile, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            }));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Waits for it.</summary>
    /// <exception cref="ArchiveException">Somebody else held it all the time.</exception>
    public static ArchiveLock Take(StoreLayout layout, TimeSpan patience)
    {
        for (var waited = TimeSpan.Zero; waited < patience; waited += Pause)
        {
            if (TryTake(layout) is { } taken)
            {
                return taken;
            }

            Thread.Sleep(Pause);
        }

        throw new ArchiveException($"archive '{layout.Root}': is locked by another process");
    }

    public void Dispose() => _file.Dispose();
}
