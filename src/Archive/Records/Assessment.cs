namespace Provenance.Archive.Records;

/// <summary>Whether a run can be repeated on a host, and whether the same numbers may be expected: two questions, kept apart.</summary>
public sealed record Assessment
{
    /// <summary>The worst of the findings.</summary>
    public required Verdict Verdict { get; init; }

    public required Answer Runs { get; init; }

    public required Answer SameResults { get; init; }

    /// <summary>In the order the rules were asked; notes that are OK stand here too.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What came of trying the run under qemu first; null when that was not asked for, or there was no doubt that it could answer.</summary>
    public CpuProbe? Probe { get; init; }
}
