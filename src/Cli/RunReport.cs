using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>A run as <c>prov run --json</c> reports it.</summary>
internal sealed record RunReport
{
    /// <summary>The run's id, 64 hex digits; null when it was not recorded.</summary>
    public string? Run { get; init; }

    /// <summary>Why there is no record although one was asked for.</summary>
    public string? NotRecorded { get; init; }

    /// <summary>What stood against putting the host's files in: the job was not started; null when it was.</summary>
    public IReadOnlyList<Finding>? Refused { get; init; }

    /// <summary>What was put in, and what was found to say of it; null when nothing was asked for.</summary>
    public InjectionReport? Injection { get; init; }

    /// <summary>Null when a signal ended the job.</summary>
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>Why a process of the job ended by SIGILL; null when none did, or that could not be seen.</summary>
    public IllegalInstruction? IllegalInstruction { get; init; }

    /// <summary>Whether a second run gave the same results; null when there was none.</summary>
    public bool? Agrees { get; init; }
}
