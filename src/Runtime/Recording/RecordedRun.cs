using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>A run read back from its record, verified, with its lists.</summary>
internal sealed record RecordedRun
{
    public required Digest Id { get; init; }

    /// <summary>Of its mounts, those that the job saw: each destination once.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    public required IReadOnlyList<UsedFile> Used { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    public required IReadOnlyList<GeneratedFile> Generated { get; init; }

    /// <summary>What its standard output and error were.</summary>
    public StreamForm Form => new()
    {
        StdoutTerminal = Record.Outcome.Stdout is { Terminal: true },
        StderrTerminal = Record.Outcome.Stderr is { Terminal: true },
        StdoutSize = JobTerminals.SizeOf(Record.Invocation, JobTerminals.Stdout),
        StderrSize = JobTerminals.SizeOf(Record.Invocation, JobTerminals.Stderr),
        Shared = Record.Outcome.Stdout is { WithStderr: true },
    };
}
