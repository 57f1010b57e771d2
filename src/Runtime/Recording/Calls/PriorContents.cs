using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>
/// Holds the bytes of small files in writable folders from beside the job's start, so that what the job overwrites can still be kept as it
/// was. Nothing waits for it: a file that is changed first has its old state lost, and the record says so.
/// </summary>
internal sealed class PriorContents
{
    private const long MaxFileBytes = 1 << 20;
    private const long MaxTotalBytes = 16 << 20;
    private const int MaxFiles = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FileIdentity Identity, byte[] Content)> _held = new(StringComparer.Ordinal);
    private long _left = MaxTotalBytes;

    /// <summary>Reads what may be held, in the listing's order. Runs beside the job.</summary>
    public void Hold(IEnumerable<ScannedEntry> entries, MountSet mounts, CancellationToken cancellation)
    {
        foreach (var entry in entries.Where(entry => entry.Kind == Archive.Records.FileKind.File))
        {
            if (cancellation.IsCancellationRequested || _held.Count >= MaxFiles || _left <= 0)
            {
                return;
            }

            if (entry.Size <= Math.Min(MaxFileBytes, _left) && mounts.Find(entry.Path) is { Mount.ReadOnly: false } mount)
            {
                TryHold(entry, mount);
            }
        }
    }

    /// <summary>The bytes of this very state of a file; null when they are not held.</summary>
    public byte[]? Find(string path, in FileIdentity identity)
    {
        lock (_lock)
        {
            return _held.TryGetValue(path, out var held) && held.Identity == identity ? held.Content : null;
        }
    }

    private void TryHold(ScannedEntry entry, MountedFiles mount)
    {
        try
        {
            Hold(entry, mount);
        }
        catch (SyscallException)
        {
            // It is not held. Who reads it is told why it cannot be, and if nobody does, nothing is missing.
        }
    }

    private void Hold(ScannedEntry entry, MountedFiles mount)
    {
        var error = mount.TryOpen(entry.Path, out var file);
        using (file)
        {
            if (error != Errno.None || !entry.IsUntouchedIn(Files.Status(file)))
            {
                return;
            }

            byte[] content = new byte[entry.Size];
            int length = 0;
            int read;
            while (length < content.Length
                && (read = Files.Read(file, content.AsSpan(length), length, entry.Path)) > 0)
            {
                length += read;
            }

            if (length == content.Length && entry.IsUntouchedIn(Files.Status(file)))
            {
                lock (_lock)
                {
                    _held[entry.Path] = (entry.Identity, content);
                }

                _left -= content.Length;
            }
        }
    }
}
