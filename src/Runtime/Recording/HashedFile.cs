using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What reading a file gave: its digests, or why there are none.</summary>
internal sealed record HashedFile
{
    public DigestSet? Digest { get; init; }

    public string? NotHashed { get; init; }

    /// <summary>True when the content is in the archive.</summary>
    public bool Kept { get; init; }

    public static HashedFile Not(string reason) => new() { NotHashed = reason };
}
