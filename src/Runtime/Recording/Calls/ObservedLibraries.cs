namespace Provenance.Runtime.Recording.Calls;

/// <summary>The numerical libraries a job opened, under the name it asked for.</summary>
internal sealed class ObservedLibraries
{
    private const int MaxLibraries = 200;

    private readonly SortedDictionary<string, string?> _named = new(StringComparer.Ordinal);

    /// <summary>By path, in order; the name is null where it is the path.</summary>
    public IReadOnlyDictionary<string, string?> Named => _named;

    public void Add(string path, string? named)
    {
        if (_named.Count < MaxLibraries && !_named.ContainsKey(path) && LibraryRoles.Of(path) is not null)
        {
            _named.Add(path, named);
        }
    }
}
