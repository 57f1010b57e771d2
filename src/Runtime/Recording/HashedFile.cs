using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What reading a file gave: its digests, or why there are none.</summary>
internal sealed record HashedFile
{
    /// <summary>As <see cref="PackedDigests"/> has them; null when there are none.</summary>
    public byte[]? Packed { get; init; }

    public DigestSet? Digest => Packed is null ? null : PackedDigests.Unpack(Packed);

    public string? NotHashed { get; init; }

    /// <summary>True when the content is in the archive.</summary>
    public bool Kept { get; init; }

    public static HashedFile Not(string reason) => new() { NotHashed = reason };
}
