using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>image/v1</c>: an image as it was imported.</summary>
/// <remarks>It holds no time and no host path: the same person who imports the same from the same place twice gets one record.</remarks>
public sealed record ImageRecord
{
    public required Recorder Recorder { get; init; }

    /// <summary>The manifest of the platform that was chosen.</summary>
    public required Descriptor Manifest { get; init; }

    /// <summary>The whole multi-platform index, when the image came with one.</summary>
    public Descriptor? Index { get; init; }

    public required Descriptor Config { get; init; }

    /// <summary>From the lowest up.</summary>
    public required IReadOnlyList<ImageLayer> Layers { get; init; }

    /// <summary>The tree manifest: JSON lines of <see cref="TreeEntry"/>. Its digest is the tree digest.</summary>
    public required Descriptor Tree { get; init; }

    /// <summary>Number of entries in the tree.</summary>
    public required int Entries { get; init; }

    /// <summary>Sum of the regular files' sizes, in bytes.</summary>
    public required long UnpackedBytes { get; init; }

    public required Platform Platform { get; init; }

    /// <summary>
    /// The packing it came in: <c>docker-archive</c>, <c>oci</c>, <c>oci-archive</c>, <c>tar</c>, <c>dir</c>; <c>host</c> when it was made
    /// of a host's own files.
    /// </summary>
    public required string Packing { get; init; }

    /// <summary>Where it was imported from; null when it was made of a host's own files, or by a version that did not say.</summary>
    public ImageOrigin? Source { get; init; }

    /// <summary>Null when a version imported it that did not say.</summary>
    public ImportUser? Importer { get; init; }

    /// <summary>Null when a version imported it that did not look.</summary>
    public PackageInventory? Packages { get; init; }

    /// <summary>
    /// The program that <see cref="Requirements"/> are of: what the image runs where nothing else is said. An absolute path in the image, free of links.
    /// Null where it has none, and where nobody looked.
    /// </summary>
    public string? Program { get; init; }

    /// <summary>
    /// What that program and what would be loaded for it ask of a machine. Null where <see cref="NoRequirements"/> says why, and where nobody looked.
    /// </summary>
    public Requirements? Requirements { get; init; }

    /// <summary>Code for NVIDIA GPUs in that program and what would be loaded for it; null for none, and where nobody looked.</summary>
    public IReadOnlyList<GpuCode>? GpuCode { get; init; }

    /// <summary>Why there are no requirements, in a sentence; null where there are, and where nobody looked.</summary>
    public string? NoRequirements { get; init; }

    /// <summary>Paths recorded but not made when unpacking without root: device nodes, in order, the first 1000.</summary>
    public required IReadOnlyList<string> DeviceNodes { get; init; }

    /// <summary>Set-uid and set-gid programs, in order, the first 1000.</summary>
    public required IReadOnlyList<string> SetIdFiles { get; init; }
}
