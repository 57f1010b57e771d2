namespace Provenance.Runtime.Recording.Calls;

/// <summary>Folders that a job gave another name: what is in them has another path than it had, and no call said so.</summary>
internal sealed class MovedFolders(int limit)
{
    private readonly List<(string From, string To)> _moves = [];

    /// <summary>How many are not remembered.</summary>
    public int Beyond { get; private set; }

    public void Add(string from, string to)
    {
        if (_moves.Count < limit)
        {
            _moves.Add((from, to));
        }
        else
        {
            Beyond++;
        }
    }

    /// <summary>Whether a path is in a folder that was moved, where it was or where it is.</summary>
    public bool Covers(string path) => _moves.Exists(move =>
        ContainerPath.IsAtOrBelow(path, move.From) || ContainerPath.IsAtOrBelow(path, move.To));

    /// <summary>The path that something had before any folder it is in was moved; null when none was.</summary>
    public string? FindOrigin(string path)
    {
        string origin = path;
        for (int last = _moves.Count - 1; last >= 0; last--)
        {
            var (from, to) = _moves[last];
            if (origin != to && ContainerPath.IsAtOrBelow(origin, to))
            {
                origin = ContainerPath.Join(from, ContainerPath.RelativeTo(origin, to));
            }
        }

        return origin == path ? null : origin;
    }
}
