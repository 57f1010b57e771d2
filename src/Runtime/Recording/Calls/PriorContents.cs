using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>
/// Holds the bytes of small files in writable folders from beside the job's start, so that what the job overwrites can still be kept as it
/// was. Nothing waits for it: a file that is changed first has its old state lost, and the record says so.
/// </summary>
/// <remarks>They lie one after the other in a file without a name, which costs no memory of ours.</remarks>
internal sealed class PriorContents(BlobStore blobs) : IDisposable
{
    private const int MaxFileBytes = 1 << 20;
    private const long MaxTotalBytes = 16 << 20;
    private const int MaxFiles = 2_000;

    private readonly Lock _lock = new();
    private readonly Lazy<SafeFileHandle> _file = new(blobs.CreateScratch);
    private readonly Dictionary<string, (FileIdentity Identity, long Offset)> _held = new(StringComparer.Ordinal);
    private long _length;

    /// <summary>Reads what may be held, in the listing's order. Runs beside the job.</summary>
    public void Hold(IEnumerable<ScannedEntry> entries, MountSet mounts, CancellationToken cancellation)
    {
        byte[]? buffer = null;
        foreach (var entry in entries.Where(entry => entry.Kind == Archive.Records.FileKind.File))
        {
            if (cancellation.IsCancellationRequested || _held.Count >= MaxFiles || _length >= MaxTotalBytes)
            {
                return;
            }

            if (entry.Size <= Math.Min(MaxFileBytes, MaxTotalBytes - _length) && mounts.Find(entry.Path) is { Mount.ReadOnly: false } mount
                && !TryHold(entry, mount, buffer ??= new byte[MaxFileBytes]))
            {
                return;
            }
        }
    }

    /// <summary>The bytes of this very state of a file; null when they are not held.</summary>
    public byte[]? Find(string path, in FileIdentity identity)
    {
        (FileIdentity Identity, long Offset) held;
        lock (_lock)
        {
            if (!_held.TryGetValue(path, out held) || held.Identity != identity)
            {
                return null;
            }
        }

        byte[] content = new byte[identity.Size];
        return RandomAccess.Read(_file.Value, content, held.Offset) == content.Length ? content : null;
    }

    public void Dispose()
    {
        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }

    /// <returns>False where there is no room for more.</returns>
    private bool TryHold(ScannedEntry entry, MountedFiles mount, byte[] buffer)
    {
        try
        {
            Hold(entry, mount, buffer);
            return true;
        }
        catch (SyscallException)
        {
            // It is not held. Who reads it is told why it cannot be, and if nobody does, nothing is missing.
            return true;
        }
        catch (IOException)
        {
            // The archive's disk is full: the record will need what is left.
            return false;
        }
    }

    private void Hold(ScannedEntry entry, MountedFiles mount, byte[] buffer)
    {
        var error = mount.TryOpen(entry.Path, out var file);
        using (file)
        {
            if (error != Errno.None || !entry.IsUntouchedIn(Files.Status(file)))
            {
                return;
            }

            var content = buffer.AsSpan(0, (int)entry.Size);
            int length = 0;
            int read;
            while (length < content.Length
                && (read = Files.Read(file, content[length..], length, entry.Path)) > 0)
            {
                length += read;
            }

            if (length == content.Length && entry.IsUntouchedIn(Files.Status(file)))
            {
                RandomAccess.Write(_file.Value, content, _length);
                lock (_lock)
                {
                    _held[entry.Path] = (entry.Identity, _length);
                }

                _length += content.Length;
            }
        }
    }
}
