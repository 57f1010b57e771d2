namespace Provenance.Archive.Records;

/// <summary>What one fat binary offers, of which the driver takes what fits the GPU best.</summary>
public sealed record GpuImages
{
    /// <summary>How many fat binaries of the file offer just this.</summary>
    public required int Count { get; init; }

    /// <summary>Architectures that there is machine code for, such as <c>sm_80</c> or <c>sm_90a</c>, in ascending order.</summary>
    public required IReadOnlyList<string> Cubins { get; init; }

    /// <summary>Code that the driver compiles for a GPU of its target or a newer one, in ascending order.</summary>
    public required IReadOnlyList<PtxCode> Ptx { get; init; }
}
