namespace Provenance.Runtime.Rootfs;

/// <summary>Paths of a tree, from which a whole subtree can be taken out at once, however many there are.</summary>
internal sealed class PathSet
{
    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);

    public int Count => _paths.Count;

    /// <summary>What is below comes before what it is in.</summary>
    public IEnumerable<string> DeepestFirst => _paths.Reverse();

    public void Add(string path) => _paths.Add(path);

    public bool Contains(string path) => _paths.Contains(path);

    /// <summary>Takes a path and all below it out.</summary>
    /// <returns>What was taken out.</returns>
    public IReadOnlyList<string> RemoveTree(string path)
    {
        if (_paths.Count == 0)
            return [];
        // In ordinal order everything below 'a' stands from 'a/' to before 'a0', '0' being the character after '/'.
        var removed = _paths.GetViewBetween(path + "/", path + "0").Where(below => below != path + "0").ToList();
        if (_paths.Contains(path))
            removed.Add(path);
        foreach (string one in removed)
            _paths.Remove(one);
        return removed;
    }
}
