using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>One image record as a list shows it.</summary>
public sealed record ImageRow
{
    public required Digest Record { get; init; }

    /// <summary>Where it stands in the list of all: its place in the log, or the one it may get.</summary>
    public long Place { get; init; }

    public required Digest Manifest { get; init; }

    public required Digest Tree { get; init; }

    public required Digest Config { get; init; }

    /// <summary>As OCI writes it: <c>linux/amd64</c>, <c>linux/arm64/v8</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The packing it came in: <c>docker-archive</c>, <c>oci</c>, <c>oci-archive</c>, <c>tar</c>, <c>dir</c>.</summary>
    public required string Packing { get; init; }

    public required int Entries { get; init; }

    /// <summary>Sum of the regular files' sizes, in bytes.</summary>
    public required long UnpackedBytes { get; init; }

    public required string? SignerName { get; init; }
}
