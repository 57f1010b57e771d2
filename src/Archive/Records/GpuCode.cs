namespace Provenance.Archive.Records;

/// <summary>A program, library or module of a run that has code for NVIDIA GPUs.</summary>
public sealed record GpuCode
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>Its fat binaries: those with the same architectures are one entry. A kernel is in one of them, and in no other.</summary>
    public required IReadOnlyList<GpuImages> Images { get; init; }

    /// <summary>Why not all of them were read; null when all were.</summary>
    public string? Problem { get; init; }
}
