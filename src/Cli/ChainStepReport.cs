using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>One step of a pipeline, as <c>prov replay --chain --json</c> and <c>prov check --chain --json</c> print it.</summary>
internal sealed record ChainStepReport
{
    /// <summary>From 1.</summary>
    public required int Step { get; init; }

    /// <summary>The recorded run, 64 hex digits.</summary>
    public required string Run { get; init; }

    public required IReadOnlyList<string> Argv { get; init; }

    public required Assessment Assessment { get; init; }

    /// <summary>Inputs that came from earlier steps.</summary>
    public required IReadOnlyList<ChainInput> Inputs { get; init; }

    /// <summary>Null when it was not repeated.</summary>
    public ReplayReport? Replay { get; init; }

    /// <summary>Why it was not repeated; null when it was, or was only to be assessed.</summary>
    public string? NotRun { get; init; }

    public static ChainStepReport Of(ChainStepResult step) => new()
    {
        Step = step.Number,
        Run = step.Run.Hex,
        Argv = step.Argv,
        Assessment = step.Assessment,
        Inputs = step.Inputs,
        Replay = step.Result is { } result ? ReplayReport.Of(result) : null,
        NotRun = step.NotRun,
    };
}
