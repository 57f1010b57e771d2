using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What came of one step of a chain.</summary>
public sealed record ChainStepResult
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many steps there are.</summary>
    public required int Steps { get; init; }

    /// <summary>The recorded run.</summary>
    public required Digest Run { get; init; }

    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>The assessment before anything ran.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>Inputs that came from earlier steps; empty for a step that was not repeated.</summary>
    public IReadOnlyList<ChainInput> Inputs { get; init; } = [];

    /// <summary>Null when it was not repeated; <see cref="NotRun"/> says why.</summary>
    public ReplayResult? Result { get; init; }

    public string? NotRun { get; init; }
}
