using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>Counts a list of used files by what was done with them and where they belong, and keeps the first to be shown.</summary>
/// <param name="listed">Classes that are shown one by one.</param>
/// <param name="limit">How many.</param>
internal sealed class SeenFiles(IReadOnlyList<FileClass> listed, int limit)
{
    private readonly Dictionary<FileClass, List<UsedFile>> _first = [];
    private readonly SortedDictionary<FileClass, (int Count, long Bytes)> _others = [];

    public int Inputs { get; private set; }

    public long InputBytes { get; private set; }

    /// <summary>Files that nobody looked into.</summary>
    public int Present { get; private set; }

    /// <summary>In the order of the classes, then of the list.</summary>
    public IEnumerable<UsedFile> First => listed.SelectMany(one => _first.GetValueOrDefault(one) ?? []).Take(limit);

    public IEnumerable<(FileClass? Class, int Count, long Bytes)> Others =>
        _others.Select(other => ((FileClass?)other.Key, other.Value.Count, other.Value.Bytes));

    public void Add(UsedFile file)
    {
        if (file.Use is null or FileUse.Present || file.Class is not { } where)
        {
            Present += file.Use == FileUse.Present ? 1 : 0;
            return;
        }

        if (!listed.Contains(where))
        {
            var (count, bytes) = _others.GetValueOrDefault(where);
            _others[where] = (count + 1, bytes + file.Size);
            return;
        }

        Inputs++;
        InputBytes += file.Size;
        var first = _first.TryGetValue(where, out var known) ? known : _first[where] = [];
        if (first.Count < limit)
        {
            first.Add(file);
        }
    }
}
