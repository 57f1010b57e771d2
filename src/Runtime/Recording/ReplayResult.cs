using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>What a replay came to.</summary>
public sealed record ReplayResult
{
    public required ReplayRecord Record { get; init; }

    /// <summary>The replay record's id, acknowledged by the archive; null when it was not kept.</summary>
    public Digest? Id { get; init; }

    /// <summary>Why the replay record was not kept; null when it was.</summary>
    public string? NotRecorded { get; init; }

    /// <summary>What is to be known of the replay record's signature, one sentence each: that no time stamp was to be had, or that the key ends soon.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Inputs that are missing or changed, when that is why it was refused.</summary>
    public IReadOnlyList<MissingInput> MissingInputs { get; init; } = [];

    /// <summary>The scratch folder, when it was left.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>Whether the job ended as by SIGILL, and nothing more is known of it.</summary>
    public bool IsIllegalUnexplained =>
        Record.Outcome is { IllegalInstruction: null } outcome && (outcome.Signal == Signals.SIGILL || outcome.ExitCode == 128 + Signals.SIGILL);

    /// <summary>0 reproduced, 1 differs, 3 refused, 4 could not be compared.</summary>
    public int ExitCode => ExitCodeOf(Record.Verdict);

    internal static int ExitCodeOf(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Reproduced => 0,
        ReplayVerdict.Differs => 1,
        ReplayVerdict.Refused => 3,
        _ => 4,
    };
}
