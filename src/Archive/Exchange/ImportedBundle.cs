using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>What a bundle was, and what became of it.</summary>
public sealed record ImportedBundle
{
    /// <summary>The records it was made for.</summary>
    public required IReadOnlyList<Digest> Roots { get; init; }

    /// <summary>All of them.</summary>
    public required IReadOnlyList<ImportedRecord> Records { get; init; }

    /// <summary>Blobs in it.</summary>
    public required int BlobCount { get; init; }

    /// <summary>Sum of their sizes, in bytes.</summary>
    public required long BlobBytes { get; init; }

    /// <summary>Those of them that were not here before.</summary>
    public int NewBlobs { get; init; }

    /// <summary>Sum of their sizes, in bytes.</summary>
    public long NewBytes { get; init; }

    /// <summary>What its records name, and neither it nor the archive has.</summary>
    public required IReadOnlyList<AbsentBlob> Absent { get; init; }

    /// <summary>Names of images that are the archive's now.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Names of images that the archive has for other images, so that they were not taken.</summary>
    public required IReadOnlyList<string> NamesRefused { get; init; }

    /// <summary>What it has of proofs of logs that the archive does not keep.</summary>
    public IReadOnlyList<RefusedProof> ProofsRefused { get; init; } = [];

    /// <summary>Seals in it.</summary>
    public int Seals { get; init; }

    /// <summary>Those of them that the archive does not keep.</summary>
    public IReadOnlyList<RefusedSeal> SealsRefused { get; init; } = [];

    /// <summary>What became of log and catalog; the records are safe in any case.</summary>
    public required SequencingReport Sequencing { get; init; }
}
