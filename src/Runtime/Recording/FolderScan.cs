using Provenance.Archive.Records;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>What stood in the mounted folders at one moment, each path once.</summary>
/// <remarks>There may be a million entries: they lie in one list, and are put in order when they are first asked for.</remarks>
/// <param name="earlier">What stood there before: its entries stand for those that are equal. Null for none.</param>
internal sealed class FolderScan(FolderScan? earlier = null)
{
    private readonly List<ScannedEntry> _entries = [];
    private readonly HeapBound _heap = new();

    /// <summary>Files that have a second name somewhere: few, as a rule.</summary>
    private readonly List<ScannedEntry> _named = [];
    private Dictionary<string, string>? _firstNames;
    private HashSet<string>? _names;
    private bool _isInOrder = true;

    /// <summary>In ordinal order of their paths.</summary>
    public IReadOnlyList<ScannedEntry> Entries
    {
        get
        {
            PutInOrder();
            return _entries;
        }
    }

    /// <summary>Paths that could not be looked at, each with the reason.</summary>
    public List<string> NotSeen { get; } = [];

    /// <summary>Set when there was more than the limit: what is not in here may have stood there all the same.</summary>
    public bool IsTruncated { get; set; }

    public int Count => _entries.Count;

    /// <summary>Leaves out what is at or below any of some folders.</summary>
    public void Remove(IReadOnlyList<string> folders)
    {
        _entries.RemoveAll(entry => folders.Any(folder => ContainerPath.IsAtOrBelow(entry.Path, folder)));
        _firstNames = null;
    }

    /// <param name="entry">What stands at a path.</param>
    /// <param name="names">How many hard links it has, wherever they are.</param>
    public void Add(ScannedEntry entry, uint names = 1)
    {
        _entries.Add(earlier?.Find(entry.Path) is { } known && known == entry ? known : entry);
        _isInOrder = false;
        if (names > 1 && earlier is null && entry.Kind == FileKind.File)
        {
            _named.Add(entry);
            (_firstNames, _names) = (null, null);
        }

        _heap.Keep();
    }

    /// <summary>The first path in here, in order, at which the same file stands; null for the path itself, and for a file with one name.</summary>
    /// <remarks>Of a scan after another it is not known.</remarks>
    public string? FirstNameOf(string path)
    {
        _firstNames ??= FindFirstNames();
        return _firstNames.GetValueOrDefault(path);
    }

    /// <summary>Null when the path did not stand there.</summary>
    public ScannedEntry? Find(string path)
    {
        PutInOrder();
        int low = 0;
        int high = _entries.Count - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            int order = string.CompareOrdinal(_entries[middle].Path, path);
            if (order == 0)
            {
                return _entries[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Whether the file at a path stands at another in here too.</summary>
    public bool HasOtherName(string path)
    {
        _ = FirstNameOf(path);
        _names ??= [.. _firstNames!.Keys, .. _firstNames.Values];
        return _names.Contains(path);
    }

    private Dictionary<string, string> FindFirstNames()
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = _named.Where(entry => Find(entry.Path) is not null).GroupBy(entry => (entry.FileSystem, entry.Inode), entry => entry.Path);
        foreach (var names in files.Select(paths => paths.Order(StringComparer.Ordinal).ToList()))
        {
            foreach (string other in names.Skip(1))
            {
                first[other] = names[0];
            }
        }

        return first;
    }

    private void PutInOrder()
    {
        if (!_isInOrder)
        {
            _entries.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
            _isInOrder = true;
        }
    }
}
