namespace Provenance.Archive.Content;

/// <summary>A blob under its final name, held so that nobody removes it meanwhile.</summary>
/// <remarks>
/// Who removes a blob holds flock(LOCK_EX) on it, looks at its time of modification once more, and unlinks it before letting go; who relies on one that
/// was there before holds LOCK_SH and sets that time. Whichever comes first, either the remover sees a fresh blob, or the other finds none
/// and writes it anew. See ARCHITECTURE.md, "Removing what nothing needs".
/// </remarks>
internal sealed class StandingBlob : IDisposable
{
    /// <summary>EWOULDBLOCK, which .NET puts into HResult when another has the file.</summary>
    internal const int WouldBlock = 11;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FileStream _file;
    private readonly string _path;

    private StandingBlob(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Set when the name still stands: nobody removed it between our look and our lock.</summary>
    public bool Stands => File.Exists(_path);

    /// <summary>Holds it with others, and waits while one removes it: that takes no longer than unlink(2).</summary>
    /// <returns>Null when there is none.</returns>
    public static StandingBlob? TryHold(string path) => TryOpen(path) is { } file ? new StandingBlob(file, path) : null;

    /// <summary>As <see cref="TryHold"/>, to read it.</summary>
    /// <exception cref="ArchiveException">Somebody holds it alone all the time.</exception>
    public static FileStream? TryOpen(string path)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            try
            {
                return Open(path, FileShare.Read);
            }
            catch (IOException e) when (e.HResult == WouldBlock)
            {
                Thread.Sleep(Pause);
            }
        }

        throw new ArchiveException($"blob '{path}': is locked by another process");
    }

    /// <summary>Holds it alone, to remove it.</summary>
    /// <returns>Null when there is none, or when somebody reads or refreshes it.</returns>
    public static StandingBlob? TryHoldAlone(string path)
    {
        try
        {
            return Open(path, FileShare.None) is { } file ? new StandingBlob(file, path) : null;
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Makes it as young as one that is written now.</summary>
    /// <returns>False when it was removed, or belongs to another user: then it has to be written anew.</returns>
    public bool TryRefresh(TimeProvider clock)
    {
        try
        {
            File.SetLastWriteTimeUtc(_file.SafeFileHandle, clock.GetUtcNow().UtcDateTime);
            return Stands;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>When it was written or last relied on.</summary>
    public DateTimeOffset Modified => new(File.GetLastWriteTimeUtc(_file.SafeFileHandle));

    /// <summary>In bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Takes the name away. The caller holds it alone.</summary>
    public void Remove() => File.Delete(_path);

    public void Dispose() => _file.Dispose();

    private static FileStream? Open(string path, FileShare share)
    {
        try
        {
            // FileShare.Read is flock(LOCK_SH | LOCK_NB), FileShare.None is LOCK_EX.
            return new FileStream(path, new FileStreamOptions { Share = share, BufferSize = 0 });
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
