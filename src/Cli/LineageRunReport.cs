using Provenance.Archive.Lineage;

namespace Provenance.Cli;

/// <summary>One run of a lineage as <c>prov tree --json</c> prints it.</summary>
internal sealed record LineageRunReport
{
    public required int Depth { get; init; }

    public required RunSummary Run { get; init; }

    public required IReadOnlyList<LineageFileReport> Files { get; init; }

    /// <summary>Inputs that no recorded run made, at most the first thousand.</summary>
    public required IReadOnlyList<LineageSourceReport> Sources { get; init; }

    public required int SourceCount { get; init; }

    public static LineageRunReport Of(LineageNode node) => new()
    {
        Depth = node.Depth,
        Run = RunSummary.Of(node.Run),
        Files =
        [
            .. from link in node.Links
               from file in link.Files
               select LineageFileReport.Of(link.Run, file),
        ],
        Sources = [.. node.Sources.Select(file => new LineageSourceReport(file.Path, file.Sha256?.Hex, file.Size))],
        SourceCount = node.SourceCount,
    };
}
