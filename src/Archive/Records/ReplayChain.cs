using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The place of a replay among the steps of a pipeline that was repeated as a whole.</summary>
public sealed record ReplayChain
{
    /// <summary>The run that the pipeline ends in.</summary>
    public required Digest Run { get; init; }

    /// <summary>From 1.</summary>
    public required int Step { get; init; }

    /// <summary>How many there are.</summary>
    public required int Steps { get; init; }
}
