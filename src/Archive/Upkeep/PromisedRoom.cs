using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Bytes that this process has promised to take from one owner and has not written yet, for all processes to see that write to the archive.</summary>
/// <remarks>
/// The bytes are the length of a file without content (a hole, which takes no room on the disk), held by flock(2): what a killed process had promised
/// is nobody's. Promises are made in turns, and whoever has the turn counts in the order in which bytes go: promised, arrived, named by a manifest.
/// What goes on meanwhile is then counted twice, and never not at all.
/// </remarks>
/// <param name="layout">The archive.</param>
/// <param name="owner">SHA-256 of the owner's name.</param>
public sealed class PromisedRoom(StoreLayout layout, Digest owner) : IDisposable
{
    private const int Attempts = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private FileStream? _file;

    /// <summary>Waits for the turn to count and to promise.</summary>
    /// <exception cref="ArchiveException">Somebody else had it all the time.</exception>
    public static IDisposable Turn(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Promised);
        return ArchiveLock.Take(layout, Path.Combine(layout.Promised, "lock"), Patience);
    }

    /// <summary>What all processes have promised, this one too. To be asked in turn.</summary>
    /// <param name="layout">The archive.</param>
    /// <param name="owner">Whom; null for everybody.</param>
    public static long BytesOf(StoreLayout layout, Digest? owner)
    {
        long sum = 0;
        foreach (var file in new DirectoryInfo(layout.Promised).EnumerateFiles($"*.{owner?.Hex ?? "*"}"))
        {
            using var dead = StandingBlob.TryHoldAlone(file.FullName);
            if (dead is not null)
            {
                dead.Remove();
                continue;
            }

            file.Refresh();
            sum = checked(sum + (file.Exists ? file.Length : 0));
        }

        return sum;
    }

    /// <summary>To be called in turn.</summary>
    /// <returns>False when it is more than a file can be long: nothing is promised then.</returns>
    public bool TryAdd(long bytes)
    {
        _file ??= Open();
        try
        {
            _file.SetLength(checked(_file.Length + bytes));
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>After the bytes were written, or when they will not come. In no turn.</summary>
    public void Remove(long bytes)
    {
        if (bytes > 0 && _file is not null)
        {
            _file.SetLength(_file.Length - bytes);
        }
    }

    public void Dispose()
    {
        if (_file is not null)
        {
            File.Delete(_file.Name);
            _file.Dispose();
        }
    }

    private FileStream Open() => Enumerable.Range(0, Attempts).Select(_ => TryOpen()).OfType<FileStream>().FirstOrDefault()
        ?? throw new ArchiveException($"'{layout.Promised}': no file can be made in it");

    private FileStream? TryOpen()
    {
        string path = Path.Combine(layout.Promised, $"{TemporaryName.Next()}.{owner.Hex}");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        });
        if (File.Exists(path))
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
