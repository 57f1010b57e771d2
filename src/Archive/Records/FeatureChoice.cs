namespace Provenance.Archive.Records;

/// <summary>A file that chooses code by the processor.</summary>
public sealed record FeatureChoice
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>What the code that it chooses from can use, in ordinal order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>
    /// <c>cpuid</c> (on arm64 the kernel or an ID register is asked), <c>ifunc</c>, <c>import</c> of what another object knows, or
    /// <c>hwcaps</c>: the dynamic linker takes the file.
    /// </summary>
    public required string How { get; init; }
}
