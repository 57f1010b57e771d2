using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>A replay as the command line asks for it.</summary>
public sealed record ReplayRequest
{
    /// <summary>An id or an unambiguous prefix of one, a name, or the path of a statement.</summary>
    public required string Run { get; init; }

    /// <summary>Goes on although rules refuse, where that can help at all.</summary>
    public bool Force { get; init; }

    /// <summary>A warning refuses too.</summary>
    public bool Strict { get; init; }

    /// <summary>Where inputs are now: host path, and the path of a recorded mount or file in the container.</summary>
    public IReadOnlyList<BindMount> Binds { get; init; } = [];

    /// <summary>Values for secrets, which the record does not hold.</summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    /// <summary>Existing folder in which the scratch folder is made; null for $TMPDIR.</summary>
    public string? ScratchParent { get; init; }

    /// <summary>Leaves the scratch folder when the results differ.</summary>
    public bool KeepScratch { get; init; }

    /// <summary>What is taken for reproduced.</summary>
    public ComparisonPolicy Policy { get; init; } = ComparisonPolicy.Default;

    /// <summary>What it is made for; the author's second run is <see cref="ReplayPurpose.NoiseFloor"/>.</summary>
    public ReplayPurpose Purpose { get; init; } = ReplayPurpose.Replication;

    /// <summary>Which processor the job is to take this one for; null for this one, or for the one a pinned run took it for.</summary>
    public PinRequest? Pin { get; init; }

    /// <summary>When results differ, runs the job again with one thing set at a time, and says what made the difference.</summary>
    public bool Explain { get; init; }

    /// <summary>As <see cref="ContainerSpec.FollowAll"/>.</summary>
    public bool FollowAll { get; init; }

    /// <summary>Where the assessment is in doubt about the processor, the job is tried under qemu first, for so long at most; null for not.</summary>
    public TimeSpan? Probe { get; init; }

    /// <summary>Told before it is tried.</summary>
    public Action? Probing { get; init; }

    /// <summary>Told the name of each further run that is made to explain a difference.</summary>
    public Action<string>? Trying { get; init; }

    /// <summary>Told the assessment before anything is run: whether this machine can is said beforehand.</summary>
    public Action<Assessment>? Assessed { get; init; }

    /// <summary>Called after that with what else is to be said of this host's libraries and devices that are put in, before the job starts.</summary>
    public Action<IReadOnlyList<Finding>>? PutIn { get; init; }
}
