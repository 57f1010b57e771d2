namespace Provenance.Archive.Upkeep;

/// <summary>What gc removed, or would.</summary>
public sealed record GcReport
{
    /// <summary>Set when nothing was removed, and all of it only says what would be.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Blobs of images that have no name any more and that no run was made in.</summary>
    public required GcTally Images { get; init; }

    /// <summary>Kept files and streams of old runs, which were asked for.</summary>
    public required GcTally Contents { get; init; }

    /// <summary>Blobs that nothing names: of imports and recordings that came to nothing.</summary>
    public required GcTally Unreferenced { get; init; }

    /// <summary>Half-written files of processes that were killed.</summary>
    public required GcTally Leftovers { get; init; }

    /// <summary>Nothing needs them, but they are too young, or a process that still writes may be about to name them.</summary>
    public required GcTally Young { get; init; }

    /// <summary>Blobs that something needs.</summary>
    public required GcTally Needed { get; init; }

    /// <summary>Removed are blobs written before this. Earlier than asked for when a process has been writing for longer.</summary>
    public required DateTimeOffset Before { get; init; }
}
