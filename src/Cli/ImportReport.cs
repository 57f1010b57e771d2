using Provenance.Archive.Exchange;

namespace Provenance.Cli;

/// <summary>What <c>prov import --json</c> prints.</summary>
internal sealed record ImportReport
{
    /// <summary>The records that the bundle was made for, 64 hex digits each.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    public required IReadOnlyList<ImportedRecordReport> Records { get; init; }

    public required int Blobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long BlobBytes { get; init; }

    public required int NewBlobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long NewBytes { get; init; }

    /// <summary>What records name and neither the bundle nor the archive has.</summary>
    public required IReadOnlyList<AbsentBlob> Absent { get; init; }

    /// <summary>Names of images that are the archive's now.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Names that the archive has for other images.</summary>
    public required IReadOnlyList<string> NamesRefused { get; init; }

    /// <summary>Proofs of logs that came along and are not kept.</summary>
    public required IReadOnlyList<RefusedProofReport> ProofsRefused { get; init; }

    /// <summary>Seals that came along.</summary>
    public required int Seals { get; init; }

    /// <summary>Those of them that are not kept.</summary>
    public required IReadOnlyList<RefusedSealReport> SealsRefused { get; init; }

    public static ImportReport Of(ImportedBundle bundle) => new()
    {
        Roots = [.. bundle.Roots.Select(root => root.Hex)],
        Records = [.. bundle.Records.Select(ImportedRecordReport.Of)],
        Blobs = bundle.BlobCount,
        BlobBytes = bundle.BlobBytes,
        NewBlobs = bundle.NewBlobs,
        NewBytes = bundle.NewBytes,
        Absent = bundle.Absent,
        Names = bundle.Names,
        NamesRefused = bundle.NamesRefused,
        ProofsRefused = [.. bundle.ProofsRefused.Select(refused => new RefusedProofReport(refused.Record.Hex, refused.Reason))],
        Seals = bundle.Seals,
        SealsRefused = [.. bundle.SealsRefused.Select(refused => new RefusedSealReport(refused.Seal.Hex, refused.Reason))],
    };
}
