using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>What the archive's records and names need, and what records name that may go.</summary>
internal sealed record References
{
    public HashSet<DigestKey> Needed { get; } = [];

    /// <summary>Contents of old runs. One that something needs as well stays.</summary>
    public HashSet<DigestKey> Droppable { get; } = [];

    public List<UnneededImage> Images { get; } = [];

    public void Need(Digest digest) => Needed.Add(DigestKey.Of(digest));
}
