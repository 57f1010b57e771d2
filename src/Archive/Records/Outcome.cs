namespace Provenance.Archive.Records;

/// <summary>How the job ended and what it took.</summary>
public sealed record Outcome
{
    /// <summary>0 to 255; null when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended it.</summary>
    public int? Signal { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required long WallMilliseconds { get; init; }

    public required long UserCpuMilliseconds { get; init; }

    public required long SystemCpuMilliseconds { get; init; }

    /// <summary>Largest resident set of any one process of the job, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>At which instruction a process of the job ended by SIGILL; null when none did, or that could not be seen.</summary>
    public IllegalInstruction? IllegalInstruction { get; init; }

    /// <summary>Null when it was not captured; the observation says why.</summary>
    public StreamOutcome? Stdout { get; init; }

    /// <summary>Null when it was not captured, or went to the same place as standard output.</summary>
    public StreamOutcome? Stderr { get; init; }
}
