using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Hashes what stood in the mounted folders when the job began: a bounded part before, the rest beside the job.</summary>
/// <remarks>
/// Of small files in writable folders the bytes are held in memory until the end: should the job overwrite one, its old
/// content can still be kept, and a replay begins as the run did.
/// </remarks>
internal sealed class InputHasher(FileHasher hasher, MountSet mounts, RecordingOptions options, KeepBudget budget)
{
    private const string BeyondLimit = "beyond the limit of what is hashed";

    private readonly Dictionary<string, HashedFile> _hashed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _priorContents = new(StringComparer.Ordinal);

    /// <summary>Files of which only the size is known, because there were too many or too much.</summary>
    public int BeyondLimits { get; private set; }

    /// <summary>Declared inputs of any size, and the small files that fit the limits.</summary>
    public void HashBeforeStart(FolderScan scan)
    {
        long left = options.Limits.HashedBeforeBytes;
        int files = options.Limits.HashedBeforeFiles;
        foreach (var entry in scan.Entries.Where(entry => entry.Kind == FileKind.File))
        {
            bool fits = entry.Size <= left && files > 0;
            if (!fits && !IsDeclared(entry))
            {
                continue;
            }

            HashOne(entry, hold: fits);
            if (fits)
            {
                left -= entry.Size;
                files--;
            }
        }
    }

    /// <summary>What is left, up to the limits. Runs beside the job.</summary>
    public void HashRest(FolderScan scan, CancellationToken cancellation)
    {
        long left = options.Limits.MaxInputBytes;
        int files = options.Limits.MaxInputFiles - _hashed.Count;
        foreach (var entry in scan.Entries.Where(entry => entry.Kind == FileKind.File && !_hashed.ContainsKey(entry.Path)))
        {
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            if (entry.Size > left || files <= 0)
            {
                BeyondLimits++;
                _hashed[entry.Path] = HashedFile.Not(BeyondLimit);
                continue;
            }

            HashOne(entry, hold: false);
            left -= entry.Size;
            files--;
        }
    }

    /// <summary>What is known of a file's content at the start.</summary>
    public HashedFile Find(ScannedEntry entry) => _hashed.GetValueOrDefault(entry.Path) ?? HashedFile.Not("was not read");

    /// <summary>The content before the job began, while it is held; null when it is not.</summary>
    public byte[]? FindPriorContent(string path) => _priorContents.GetValueOrDefault(path);

    private bool IsDeclared(ScannedEntry entry) =>
        options.Inputs.Any(input => ContainerPath.IsAtOrBelow(entry.Path, input));

    private void HashOne(ScannedEntry entry, bool hold)
    {
        var mount = mounts.Find(entry.Path)!;
        bool keep = options.Keep == KeepMode.All && budget.TryTake(entry.Size);
        using var copy = hold && !mount.Mount.ReadOnly && !keep && options.Keep != KeepMode.None
            ? new MemoryStream((int)entry.Size)
            : null;
        var hashed = hasher.Hash(mount, entry, keep, copy);
        _hashed[entry.Path] = hashed;
        if (copy is not null && hashed.Digest is not null)
        {
            _priorContents[entry.Path] = copy.ToArray();
        }
    }
}
