using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What was learnt of the files of one run.</summary>
internal sealed record ObservedFiles
{
    /// <summary>In ordinal order of the paths.</summary>
    public required IReadOnlyList<UsedFile> Used { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    public required IReadOnlyList<GeneratedFile> Generated { get; init; }

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
