namespace Provenance.Archive.Records;

/// <summary>A file of the host put into the container, and what a later host must offer in its place.</summary>
public sealed record InjectedFile
{
    public required string HostPath { get; init; }

    public required string ContainerPath { get; init; }

    public required DigestSet Digest { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>DT_SONAME; null when it is no shared object.</summary>
    public string? Soname { get; init; }

    /// <summary>NT_GNU_BUILD_ID, lowercase hex.</summary>
    public string? BuildId { get; init; }

    /// <summary>Version nodes it defines, such as <c>GLIBC_2.34</c>, in order.</summary>
    public required IReadOnlyList<string> VersionsProvided { get; init; }

    /// <summary>Version nodes it needs, as <c>libc.so.6:GLIBC_2.34</c>, in order.</summary>
    public required IReadOnlyList<string> VersionsNeeded { get; init; }

    /// <summary>
    /// Why it was put there: <c>bind</c>, <c>inject</c>, <c>mpi</c>, <c>gpu</c>, <c>device</c> (a CDI specification has it), or
    /// <c>closure</c>: another one needs it.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>Libraries it asks for (DT_NEEDED), in order; null when it is no ELF file or nobody looked.</summary>
    public IReadOnlyList<string>? Needed { get; init; }

    /// <summary>Symbols that the job's programs and the image's libraries take from it, in order; null when nobody looked.</summary>
    public IReadOnlyList<string>? SymbolsUsed { get; init; }

    /// <summary>The image's file in whose place it is; null when there was none.</summary>
    public ReplacedFile? Replaces { get; init; }

    /// <summary>Of the driver it belongs to; null when it belongs to none.</summary>
    public string? DriverVersion { get; init; }
}
