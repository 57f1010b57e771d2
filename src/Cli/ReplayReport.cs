using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>A replay as <c>prov replay --json</c> prints it.</summary>
internal sealed record ReplayReport
{
    /// <summary>The replay's own id, 64 hex digits; null when it could not be kept.</summary>
    public string? Replay { get; init; }

    public string? NotRecorded { get; init; }

    public required ReplayRecord Record { get; init; }

    /// <summary>Inputs that are missing or changed, when that is why it was refused.</summary>
    public required IReadOnlyList<MissingInput> MissingInputs { get; init; }

    public string? ScratchFolder { get; init; }

    public static ReplayReport Of(ReplayResult result) => new()
    {
        Replay = result.Id?.Hex,
        NotRecorded = result.NotRecorded,
        Record = result.Record,
        MissingInputs = result.MissingInputs,
        ScratchFolder = result.ScratchFolder,
    };
}
