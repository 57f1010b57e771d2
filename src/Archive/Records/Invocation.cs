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

    /// <summary><c>host</c> or <c>none</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Set when the job had a host name of its own.</summary>
    public string? Hostname { get; init; }

    public required bool WritableRoot { get; init; }
}

/// <summary>Who the job was inside the container.</summary>
public sealed record RunUser
{
    public required long Uid { get; init; }

    public required long Gid { get; init; }

    public required string Name { get; init; }

    public required string Home { get; init; }
}

/// <summary>One of getrlimit(2)'s limits; null is unlimited.</summary>
public sealed record ResourceLimit
{
    /// <summary>The name without <c>RLIMIT_</c>, lower case: <c>nofile</c>.</summary>
    public required string Name { get; init; }

    public long? Soft { get; init; }

    public long? Hard { get; init; }
}

/// <summary>What standard input was.</summary>
public sealed record StandardInput
{
    /// <summary><c>null</c>, <c>terminal</c>, <c>file</c>, <c>pipe</c>, <c>other</c> or <c>closed</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Host path of a file; null for what was not a file.</summary>
    public string? Path { get; init; }

    /// <summary>Where in the file it was handed over, in bytes; null for what was not a file.</summary>
    public long? Offset { get; init; }

    /// <summary>Digests of what stood in the file from where it was handed over; null for what was not a file.</summary>
    public DigestSet? Digest { get; init; }

    /// <summary>Size of the same, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>The kept content; null when it was not kept.</summary>
    public Content.Descriptor? Kept { get; init; }
}
