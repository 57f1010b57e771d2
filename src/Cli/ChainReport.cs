using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>A pipeline that was repeated, as <c>prov replay --chain --json</c> prints it.</summary>
internal sealed record ChainReport
{
    public required ReplayVerdict Verdict { get; init; }

    /// <summary>In the order in which they were repeated.</summary>
    public required IReadOnlyList<ChainStepReport> Steps { get; init; }

    public string? ScratchFolder { get; init; }

    public static ChainReport Of(ChainResult result) => new()
    {
        Verdict = result.Verdict,
        Steps = [.. result.Steps.Select(ChainStepReport.Of)],
        ScratchFolder = result.ScratchFolder,
    };
}
