using System.Text.Json.Serialization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>replay/v1</c>: a run done again, and whether its results came out the same.</summary>
public sealed record ReplayRecord
{
    public required Recorder Recorder { get; init; }

    /// <summary>The run that was replayed.</summary>
    public required Digest Run { get; init; }

    public required Assessment Assessment { get; init; }

    public required HostProfile Host { get; init; }

    /// <summary>Rules whose refusal <c>--force</c> set aside. A forced replay never counts as a replication.</summary>
    public required IReadOnlyList<string> Forced { get; init; }

    /// <summary>Folders and files that were taken from another place than the run's.</summary>
    public required IReadOnlyList<Relocation> Relocated { get; init; }

    public required IReadOnlyList<ComparedOutput> Comparison { get; init; }

    public required ReplayVerdict Verdict { get; init; }

    /// <summary>Why it failed or was refused, in one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>How the job ended this time; null when it never started.</summary>
    public Outcome? Outcome { get; init; }

    public SandboxReport? Sandbox { get; init; }
}

/// <summary>An input that came from elsewhere.</summary>
public sealed record Relocation
{
    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>Host path it came from, or <c>archive</c>.</summary>
    public required string Source { get; init; }
}

/// <summary>One output, then and now.</summary>
public sealed record ComparedOutput
{
    /// <summary>Path in the container, or <c>stdout</c>, <c>stderr</c>, <c>exit status</c>.</summary>
    public required string Name { get; init; }

    public required ComparisonResult Result { get; init; }

    /// <summary>Whether this output decides the verdict; standard error only informs.</summary>
    public required bool Decides { get; init; }

    public DigestSet? Original { get; init; }

    public DigestSet? Replayed { get; init; }

    /// <summary>Where and how they first differ; null when they agree or the original was not kept.</summary>
    public FirstDifference? FirstDifference { get; init; }

    /// <summary>What else there is to say, in one sentence.</summary>
    public string? Note { get; init; }
}

/// <summary>The first byte that differs, with what stands around it.</summary>
public sealed record FirstDifference
{
    /// <summary>From 0, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>From 1, when both are text.</summary>
    public long? Line { get; init; }

    /// <summary>The line, or up to 16 bytes in hex.</summary>
    public required string Original { get; init; }

    public required string Replayed { get; init; }
}

/// <summary>What comparing one output gave.</summary>
public enum ComparisonResult
{
    [JsonStringEnumMemberName("identical")]
    Identical,

    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("missing")]
    Missing,

    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    [JsonStringEnumMemberName("not-comparable")]
    NotComparable,
}

/// <summary>What became of a replay.</summary>
public enum ReplayVerdict
{
    [JsonStringEnumMemberName("reproduced")]
    Reproduced,

    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("refused")]
    Refused,
}
