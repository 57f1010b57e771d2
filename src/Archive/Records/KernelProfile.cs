namespace Provenance.Archive.Records;

/// <summary>The running kernel.</summary>
public sealed record KernelProfile
{
    /// <summary>As uname -r prints it.</summary>
    public required string Release { get; init; }

    public required string Version { get; init; }

    /// <summary>Words of the kernel command line that switch CPU features, such as <c>clearcpuid=</c>.</summary>
    public required IReadOnlyList<string> CpuOptions { get; init; }

    /// <summary>For programs of other architectures, in order of the name; null for none, and in older profiles.</summary>
    public IReadOnlyList<ProgramHandler>? Handlers { get; init; }
}
