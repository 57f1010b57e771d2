using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The image a run used.</summary>
public sealed record RunImage
{
    /// <summary>As the user named it; of a captured image the name it was given.</summary>
    public required string Reference { get; init; }

    public required Digest Manifest { get; init; }

    /// <summary>Names the unpacked files, however they were packed.</summary>
    public required Digest Tree { get; init; }

    /// <summary>The image/v1 record.</summary>
    public required Digest Record { get; init; }

    public required Images.Platform Platform { get; init; }

    /// <summary>When its name stands for several images: why this one; null otherwise.</summary>
    public ImageChoice? Choice { get; init; }

    /// <summary>True when the job ran on the host's own files, and the image was made of those that it used; null otherwise.</summary>
    public bool? Captured { get; init; }

    /// <summary>The host's packages that own files of a captured image: JSON lines of <see cref="OwningPackage"/>; null when that is not known.</summary>
    public LineList? Packages { get; init; }
}
