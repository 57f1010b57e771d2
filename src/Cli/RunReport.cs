using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>A run as <c>prov run --json</c> reports it.</summary>
internal sealed record RunReport
{
    /// <summary>The run's id, 64 hex digits; null when it was not recorded.</summary>
    public string? Run { get; init; }

    /// <summary>Why there is no record although one was asked for.</summary>
    public string? NotRecorded { get; init; }

    /// <summary>Null when a signal ended the job.</summary>
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>Why a process of the job ended by SIGILL; null when none did, or that could not be seen.</summary>
    public IllegalInstruction? IllegalInstruction { get; init; }

    /// <summary>Whether a second run gave the same results; null when there was none.</summary>
    public bool? Agrees { get; init; }
}
