using Provenance.Archive.Records;
using Provenance.Runtime.Injection;

namespace Provenance.Runtime.Recording;

/// <summary>What the recorder is told before the job starts.</summary>
internal sealed record RecorderPlan
{
    /// <summary>Folder of the archive.</summary>
    public required string Archive { get; init; }

    public required Invocation Invocation { get; init; }

    /// <summary>Null when the job runs on the host's own files: of those that it used an image is made.</summary>
    public required RunImage? Image { get; init; }

    public required IReadOnlyList<EnvironmentVariable> Environment { get; init; }

    public required IReadOnlyList<Mount> Mounts { get; init; }

    /// <summary>Files shown over the image's own.</summary>
    public IReadOnlyList<PutFile> PutFiles { get; init; } = [];

    /// <summary>Files of the host put over the image's or beside them.</summary>
    public IReadOnlyList<PlannedFile> Injected { get; init; } = [];

    /// <summary>How they came there; null when nothing was asked for.</summary>
    public RunInjection? Injection { get; init; }

    public required RecordingOptions Options { get; init; }

    public required StreamForm Form { get; init; }

    /// <summary>The descriptor under which the recorder has the file that is the job's standard input; null when it is no file.</summary>
    public int? StdinDescriptor { get; init; }

    /// <summary>Whether the recorder is told what the job reads from its standard input.</summary>
    public bool IsInputPassed { get; init; }

    /// <summary>Files on the host that the job's standard output and error go to: they are recorded as streams, and are no files of the job's.</summary>
    public IReadOnlyList<string> StreamFiles { get; init; } = [];

    /// <summary>When this is the run of a replay: the run it replays.</summary>
    public Archive.Content.Digest? ReplayOf { get; init; }

    /// <summary>Of the key that signs, when the recorder could not read it once more; null when it can, or needs none.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Further things for the record's observation that the planner knows.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
