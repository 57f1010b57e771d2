using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>More than one record begins with the digits given.</summary>
public sealed class AmbiguousRecordException(string name, IReadOnlyList<Digest> candidates)
    : ArchiveException($"record '{name}': ambiguous, may be {string.Join(", ", candidates.Select(d => d.Hex[..16]))}")
{
    public string Name { get; } = name;

    /// <summary>The first of them, at most 10, in order.</summary>
    public IReadOnlyList<Digest> Candidates { get; } = candidates;
}
