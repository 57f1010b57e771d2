using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>run/v1</c>: everything that made the outputs of one run.</summary>
public sealed record RunRecord
{
    public required Recorder Recorder { get; init; }

    public required Invocation Invocation { get; init; }

    public required RunImage Image { get; init; }

    /// <summary>What the job saw, in order of name.</summary>
    public required IReadOnlyList<EnvironmentVariable> Environment { get; init; }

    public required IReadOnlyList<Mount> Mounts { get; init; }

    public required SandboxReport Sandbox { get; init; }

    /// <summary>One profile for every node the job ran on.</summary>
    public required IReadOnlyList<HostProfile> Hosts { get; init; }

    /// <summary>Every host file that was put into the container beside the user's own data.</summary>
    public required IReadOnlyList<InjectedFile> Injected { get; init; }

    /// <summary>Files the job could read from writable or bound folders: JSON lines of <see cref="UsedFile"/>.</summary>
    public required FileList Used { get; init; }

    /// <summary>Files the job created, changed or deleted: JSON lines of <see cref="GeneratedFile"/>.</summary>
    public required FileList Generated { get; init; }

    public required IReadOnlyList<Hazard> Hazards { get; init; }

    public required Outcome Outcome { get; init; }

    public required Observation Observation { get; init; }

    public required IReadOnlyList<Label> Labels { get; init; }

    /// <summary>When this run is the run of a replay: the run it replays.</summary>
    public Digest? ReplayOf { get; init; }
}

/// <summary>The program that wrote a record.</summary>
public sealed record Recorder
{
    public required string Name { get; init; }

    public required string Version { get; init; }
}

/// <summary>A name and value that the user gave to find the run again.</summary>
public sealed record Label
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}

/// <summary>The image a run used.</summary>
public sealed record RunImage
{
    /// <summary>As the user named it.</summary>
    public required string Reference { get; init; }

    public required Digest Manifest { get; init; }

    /// <summary>Names the unpacked files, however they were packed.</summary>
    public required Digest Tree { get; init; }

    /// <summary>The image/v1 record.</summary>
    public required Digest Record { get; init; }

    public required Images.Platform Platform { get; init; }
}

/// <summary>A list too long for the record: a blob of JSON lines, and what is asked of it most.</summary>
public sealed record FileList
{
    public required int Count { get; init; }

    /// <summary>Sum of the files' sizes, in bytes.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Null when the list is empty.</summary>
    public Descriptor? Blob { get; init; }
}
