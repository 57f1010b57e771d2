using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>What goes into a bundle, chosen and not yet written.</summary>
public sealed record Bundle
{
    public required BundleManifest Manifest { get; init; }

    /// <summary>A name for its file, without ending: the first digits of what was asked for.</summary>
    public required string Stem { get; init; }

    /// <summary>In the order of the manifest.</summary>
    internal IReadOnlyList<PackedRecord> Records { get; init; } = [];

    /// <summary>In order of digest.</summary>
    public IReadOnlyList<Descriptor> Blobs { get; init; } = [];

    /// <summary>In the order of the manifest.</summary>
    internal IReadOnlyList<PackedSeal> Seals { get; init; } = [];

    /// <summary>Seals that are over the records and do not go along: they are damaged, or too large.</summary>
    public int SealsLeftOut { get; init; }

    /// <summary>The images' names in the archive, by manifest.</summary>
    internal IReadOnlyDictionary<Digest, string> ImageNames { get; init; } = new Dictionary<Digest, string>();
}
