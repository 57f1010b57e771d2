using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Sorts the blobs into what stays and what goes, and removes the latter.</summary>
internal sealed class Sweep
{
    private readonly StoreLayout _layout;
    private readonly DateTimeOffset _before;
    private readonly List<(UnneededImage Image, List<SweptBlob> Blobs)> _images = [];
    private readonly List<SweptBlob> _contents = [];
    private readonly List<SweptBlob> _unreferenced = [];
    private GcTally _young = GcTally.None;
    private GcTally _needed = GcTally.None;

    /// <param name="layout">The archive.</param>
    /// <param name="references">What is needed.</param>
    /// <param name="before">Blobs that were written or relied on later stay.</param>
    public Sweep(StoreLayout layout, References references, DateTimeOffset before)
    {
        (_layout, _before) = (layout, before);
        var owners = new Dictionary<DigestKey, List<SweptBlob>>();
        foreach (var image in references.Images)
        {
            var own = new List<SweptBlob>();
            _images.Add((image, own));
            foreach (var digest in image.Blobs)
            {
                owners.TryAdd(DigestKey.Of(digest), own);
            }
        }

        foreach (var file in Files())
        {
            Sort(file, references, owners);
        }
    }

    /// <summary>Those that a record names.</summary>
    public IEnumerable<SweptBlob> Named => _images.SelectMany(image => image.Blobs).Concat(_contents);

    /// <summary>What becomes young meanwhile stays after all.</summary>
    public void Remove(CancellationToken cancellation)
    {
        // A run that has just begun in an image has a lease on it now, or will not find its manifest. Layers may be of several images.
        foreach (var (image, all) in _images)
        {
            Spare(all, blob => blob.Digest != image.Manifest || TryRemove(blob, unless: () => IsLeased(image)), cancellation);
        }

        bool allGo = _images.TrueForAll(image => !File.Exists(_layout.BlobPath(image.Image.Manifest)));
        foreach (var (image, all) in _images)
        {
            Spare(all, blob => blob.Digest == image.Manifest || (allGo && TryRemove(blob)), cancellation);
        }

        Spare(_contents, blob => TryRemove(blob), cancellation);
        Spare(_unreferenced, blob => TryRemove(blob), cancellation);
    }

    public GcReport Report(bool dryRun) => new()
    {
        DryRun = dryRun,
        Images = Count(_images.SelectMany(image => image.Blobs)),
        Contents = Count(_contents),
        Unreferenced = Count(_unreferenced),
        Leftovers = GcTally.None,
        Young = _young,
        Needed = _needed,
        Before = _before,
    };

    private IEnumerable<FileInfo> Files() =>
        Directory.Exists(_layout.Blobs) ? new DirectoryInfo(_layout.Blobs).EnumerateFiles() : [];

    private void Sort(FileInfo file, References references, Dictionary<DigestKey, List<SweptBlob>> owners)
    {
        if (!Digest.TryParseHex(file.Name, out var digest) || !file.Exists)
        {
            return;
        }

        var key = DigestKey.Of(digest);
        if (references.Needed.Contains(key))
        {
            _needed = _needed.Plus(file.Length);
        }
        else if (file.LastWriteTimeUtc >= _before)
        {
            _young = _young.Plus(file.Length);
        }
        else if (owners.TryGetValue(key, out var own))
        {
            own.Add(new SweptBlob(digest, file.Length));
        }
        else
        {
            (references.Droppable.Contains(key) ? _contents : _unreferenced).Add(new SweptBlob(digest, file.Length));
        }
    }

    /// <summary>Keeps in the list what goes, and counts the rest as young.</summary>
    private void Spare(List<SweptBlob> going, Func<SweptBlob, bool> remove, CancellationToken cancellation)
    {
        var gone = new List<SweptBlob>();
        foreach (var blob in going)
        {
            cancellation.ThrowIfCancellationRequested();
            if (remove(blob))
            {
                gone.Add(blob);
            }
            else
            {
                _young = _young.Plus(blob.Bytes);
            }
        }

        going.Clear();
        going.AddRange(gone);
    }

    private bool TryRemove(SweptBlob blob, Func<bool>? unless = null)
    {
        using var alone = StandingBlob.TryHoldAlone(_layout.BlobPath(blob.Digest));
        if (alone is null || alone.Modified >= _before || unless?.Invoke() == true)
        {
            return false;
        }

        alone.Remove();
        return true;
    }

    private bool IsLeased(UnneededImage image) => WriterLease.Living(_layout).Any(lease => lease.Image == image.Record);

    private static GcTally Count(IEnumerable<SweptBlob> blobs) => blobs.Aggregate(GcTally.None, (sum, blob) => sum.Plus(blob.Bytes));
}
