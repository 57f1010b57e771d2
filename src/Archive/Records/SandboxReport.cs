namespace Provenance.Archive.Records;

/// <summary>How the container was made, and what this kernel did not let us do.</summary>
public sealed record SandboxReport
{
    public required bool PidNamespace { get; init; }

    /// <summary><c>read-only</c>, <c>overlay</c> or <c>copy</c>.</summary>
    public required string Root { get; init; }

    /// <summary>Plain sentences, each a thing that could not be done here.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
