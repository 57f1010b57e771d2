namespace Provenance.Runtime.Recording.Calls;

/// <summary>How much of what a job's calls tell is kept. What goes beyond is counted, and the record says so.</summary>
internal sealed record CallLimits
{
    public static CallLimits Default { get; } = new();

    public int MaxPaths { get; init; } = 1_000_000;

    /// <summary>Paths looked for in vain.</summary>
    public int MaxSought { get; init; } = 100_000;

    public int MaxPrograms { get; init; } = 100_000;

    /// <summary>Of all arguments together, in characters.</summary>
    public long MaxArgumentCharacters { get; init; } = 64 << 20;

    /// <summary>Peers, and host names asked for.</summary>
    public int MaxPeers { get; init; } = 10_000;

    /// <summary>Folders that were given another name.</summary>
    public int MaxMovedFolders { get; init; } = 1_000;

    /// <summary>Files listed that were gone when the job had ended.</summary>
    public int MaxTemporary { get; init; } = 20_000;
}
