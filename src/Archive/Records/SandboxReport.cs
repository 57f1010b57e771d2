namespace Provenance.Archive.Records;

/// <summary>How the container was made, and what this kernel did not let us do.</summary>
public sealed record SandboxReport
{
    public required bool PidNamespace { get; init; }

    /// <summary><c>read-only</c>, <c>overlay</c>, <c>copy</c>, or <c>host</c>: the host's own, written through.</summary>
    public required string Root { get; init; }

    /// <summary>Plain sentences, each a thing that could not be done here.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
