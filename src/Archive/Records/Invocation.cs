namespace Provenance.Archive.Records;

/// <summary>What was asked to run, and as whom.</summary>
public sealed record Invocation
{
    /// <summary>The whole command line in the container, entry point included.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string WorkingDirectory { get; init; }

    public required RunUser User { get; init; }

    /// <summary>Octal, such as <c>0022</c>.</summary>
    public required string Umask { get; init; }

    public required IReadOnlyList<ResourceLimit> Limits { get; init; }

    /// <summary>CPUs the job was allowed, as a list such as <c>0-3,8</c>.</summary>
    public required string Affinity { get; init; }

    public required StandardInput Stdin { get; init; }

    /// <summary>The standard streams that were terminals; null when none was, or the recording is older than this member.</summary>
    public IReadOnlyList<JobTerminal>? Terminals { get; init; }

    /// <summary><c>host</c> or <c>none</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Set when the job had a host name of its own.</summary>
    public string? Hostname { get; init; }

    public required bool WritableRoot { get; init; }

    /// <summary>Set where the job could make namespaces and mounts of its own, as another container runtime does.</summary>
    public bool? AllowNesting { get; init; }
}
