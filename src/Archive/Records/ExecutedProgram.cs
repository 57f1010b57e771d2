namespace Provenance.Archive.Records;

/// <summary>A program that a job started. One JSON line of the list.</summary>
public sealed record ExecutedProgram
{
    /// <summary>Number of the process, from 1 in the order in which they began; 0 when it is not known.</summary>
    public required int Process { get; init; }

    /// <summary>The process it came from; 0 for the job's first, and when it is not known.</summary>
    public required int Parent { get; init; }

    /// <summary>Absolute path in the container: of a script its own, not its interpreter's.</summary>
    public required string Path { get; init; }

    /// <summary>What looks like a secret has a digest in its place.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string WorkingDirectory { get; init; }
}
