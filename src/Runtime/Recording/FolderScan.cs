namespace Provenance.Runtime.Recording;

/// <summary>What stood in the mounted folders at one moment.</summary>
/// <param name="earlier">What stood there before: its entries stand for those that are equal. Null for none.</param>
internal sealed class FolderScan(FolderScan? earlier = null)
{
    private readonly SortedDictionary<string, ScannedEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>In ordinal order of their paths.</summary>
    public IReadOnlyCollection<ScannedEntry> Entries => _entries.Values;

    /// <summary>Paths that could not be looked at, each with the reason.</summary>
    public List<string> NotSeen { get; } = [];

    /// <summary>Set when there was more than the limit: what is not in here may have stood there all the same.</summary>
    public bool IsTruncated { get; set; }

    public int Count => _entries.Count;

    /// <summary>Leaves out what is at or below any of some folders.</summary>
    public void Remove(IReadOnlyList<string> folders)
    {
        foreach (string path in _entries.Keys.Where(path => folders.Any(folder => ContainerPath.IsAtOrBelow(path, folder))).ToList())
        {
            _entries.Remove(path);
        }
    }

    public void Add(ScannedEntry entry)
    {
        var same = earlier?.Find(entry.Path) is { } known && known == entry ? known : entry;
        _entries[same.Path] = same;
    }

    /// <summary>Null when the path did not stand there.</summary>
    public ScannedEntry? Find(string path) => _entries.GetValueOrDefault(path);
}
