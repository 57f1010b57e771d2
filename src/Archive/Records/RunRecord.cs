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

    /// <summary>How they came there; null when nothing but binds was asked for.</summary>
    public RunInjection? Injection { get; init; }

    /// <summary>Files the job could read from bound folders, and the others that it did read: JSON lines of <see cref="UsedFile"/>.</summary>
    public required FileList Used { get; init; }

    /// <summary>Paths it looked for in vain: JSON lines of <see cref="SoughtPath"/>; null when that was not observed.</summary>
    public LineList? Sought { get; init; }

    /// <summary>Programs it started: JSON lines of <see cref="ExecutedProgram"/>; null when that was not observed.</summary>
    public LineList? Executed { get; init; }

    /// <summary>Null when it was not observed.</summary>
    public NetworkUse? Network { get; init; }

    /// <summary>System calls it made that older kernels lack, in order of the name; null when that was not observed.</summary>
    public IReadOnlyList<KernelCall>? KernelCalls { get; init; }

    /// <summary>The git work trees of its scripts and inputs; null when nobody looked.</summary>
    public IReadOnlyList<SourceTree>? Sources { get; init; }

    /// <summary>The numerical libraries that were really loaded; null when that was not observed.</summary>
    public IReadOnlyList<LoadedLibrary>? Libraries { get; init; }

    /// <summary>What its programs and libraries ask of a machine; null when they were not analysed.</summary>
    public Requirements? Requirements { get; init; }

    /// <summary>Its code for NVIDIA GPUs; null when it has none, or that was not observed.</summary>
    public IReadOnlyList<GpuCode>? GpuCode { get; init; }

    /// <summary>When the job was made to choose the code of another processor; null when it saw its own.</summary>
    public CpuPin? Pinning { get; init; }

    /// <summary>Files the job created, changed or deleted: JSON lines of <see cref="GeneratedFile"/>.</summary>
    public required FileList Generated { get; init; }

    public required IReadOnlyList<Hazard> Hazards { get; init; }

    public required Outcome Outcome { get; init; }

    public required Observation Observation { get; init; }

    public required IReadOnlyList<Label> Labels { get; init; }

    /// <summary>When this run is the run of a replay: the run it replays.</summary>
    public Digest? ReplayOf { get; init; }
}
