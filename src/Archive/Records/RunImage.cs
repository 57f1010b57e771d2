using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The image a run used.</summary>
public sealed record RunImage
{
    /// <summary>As the user named it.</summary>
    public required string Reference { get; init; }

    public required Digest Manifest { get; init; }

    /// <summary>Names the unpacked files, however they were packed.</summary>
    public required Digest Tree { get; init; }

    /// <summary>The image/v1 record.</summary>
    public required Digest Record { get; init; }

    public required Images.Platform Platform { get; init; }
}
