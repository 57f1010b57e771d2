using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What was learnt of the files of one run.</summary>
internal sealed record ObservedFiles
{
    /// <summary>In ordinal order of the paths.</summary>
    /// <remarks>Made as they are enumerated: there may be more than memory should hold.</remarks>
    public required IEnumerable<UsedFile> Used { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    /// <remarks>As <see cref="Used"/>.</remarks>
    public required IEnumerable<GeneratedFile> Generated { get; init; }

    /// <summary>Those of the generated files of which only the time of status is known to be another.</summary>
    public IReadOnlySet<string> StatusOnly { get; init; } = new HashSet<string>();

    /// <summary>Null when calls were not observed, as what follows.</summary>
    public LineList? Sought { get; init; }

    public LineList? Executed { get; init; }

    public NetworkUse? Network { get; init; }

    public IReadOnlyList<KernelCall>? KernelCalls { get; init; }

    public IReadOnlyList<SourceTree>? Sources { get; init; }

    public IReadOnlyList<LoadedLibrary>? Libraries { get; init; }

    /// <summary>The image made of the host's own files, where the job ran on them; null otherwise.</summary>
    public RunImage? Image { get; init; }

    /// <summary>With those that were found out while the job ran; null for those of the plan.</summary>
    public IReadOnlyList<Mount>? Mounts { get; init; }

    public required IReadOnlyList<Hazard> Hazards { get; init; }

    public required Observation Observation { get; init; }

    /// <summary>Of a run at whose files nobody looked.</summary>
    public static ObservedFiles Nothing { get; } = new()
    {
        Used = [],
        Generated = [],
        Hazards = [],
        Observation = new Observation
        {
            Files = "none",
            NotSeen = ["every file the job read, wrote or removed: observation was switched off"],
        },
    };
}
