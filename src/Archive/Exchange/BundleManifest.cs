using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>The file <c>BUNDLE.json</c>, the first of a bundle: which records it holds, and what of theirs it does not.</summary>
/// <remarks>
/// Nobody has signed it. It only tells beforehand what is to come; what must be there is what the signed records name.
/// Specified in schema/FORMAT.d/bundle.md.
/// </remarks>
public sealed record BundleManifest
{
    public const string FormatV1 = "urn:x-prov:bundle/v1";

    public required string Format { get; init; }

    /// <summary>The records that were asked for, in order of digest; the others are here because these need them.</summary>
    public required IReadOnlyList<Digest> Roots { get; init; }

    /// <summary>Images, runs, replays; those of one kind in order of digest.</summary>
    public required IReadOnlyList<BundledRecord> Records { get; init; }

    /// <summary>How many files there are below <c>blobs/sha256/</c>.</summary>
    public required int BlobCount { get; init; }

    /// <summary>Sum of their sizes, in bytes.</summary>
    public required long BlobBytes { get; init; }

    /// <summary>What the records name and the bundle does not have, in order of digest.</summary>
    public required IReadOnlyList<AbsentBlob> Absent { get; init; }

    /// <summary>The seals over the records, in order of the SHA-256 of their tokens. Null when there are none.</summary>
    public IReadOnlyList<BundledSeal>? Seals { get; init; }

    public byte[] ToBytes() => RecordJson.Write(this, RecordJsonContext.Default.BundleManifest);

    /// <exception cref="RecordFormatException">The bytes are not what we would have written.</exception>
    /// <exception cref="BundleException">It is of a format that this program does not know.</exception>
    public static BundleManifest Parse(ReadOnlySpan<byte> json)
    {
        var manifest = RecordJson.Read(json, RecordJsonContext.Default.BundleManifest, BundleNames.Manifest);
        return manifest.Format == FormatV1
            ? manifest
            : throw new BundleException($"{BundleNames.Manifest}: is of format '{manifest.Format}', this program knows '{FormatV1}'");
    }
}
