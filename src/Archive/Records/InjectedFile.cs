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

    /// <summary>Why it was put there: <c>bind</c>, later also <c>gpu</c>, <c>mpi</c>, <c>inject</c>.</summary>
    public required string Reason { get; init; }
}
