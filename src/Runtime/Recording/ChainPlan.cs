using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;

namespace Provenance.Runtime.Recording;

/// <summary>The steps of a pipeline in the order in which they are repeated.</summary>
internal static class ChainPlan
{
    /// <summary>Runs of one pipeline.</summary>
    public const int MaxSteps = 1000;

    /// <param name="last">The run the pipeline ends in.</param>
    /// <param name="finder">Where lineage is looked up.</param>
    /// <param name="load">Reads and verifies a run.</param>
    /// <exception cref="RecordingException">There are too many.</exception>
    public static IReadOnlyList<ChainStep> Of(RecordedRun last, RecordFinder finder, Func<Digest, RecordedRun> load)
    {
        var limits = LineageLimits.Default with { Runs = MaxSteps };
        var graph = new LineageFinder(finder, limits).From(last.Id, LineageDirection.Up);
        if (graph.NotFollowed > 0)
        {
            throw new RecordingException($"chain of run '{last.Id.Abbreviated}': has more than {MaxSteps} steps");
        }

        var ordered = graph.InOrder();
        var numbers = ordered.Index().ToDictionary(step => step.Item.Run.Record, step => step.Index + 1);
        return
        [
            .. ordered.Select(node => new ChainStep(
                numbers[node.Run.Record],
                node.Run.Record == last.Id ? last : load(node.Run.Record),
                FedTo(node, numbers))),
        ];
    }

    private static IReadOnlyList<FedFile> FedTo(LineageNode node, Dictionary<Digest, int> numbers) =>
    [
        // Of a ring that wrong clocks have made, the link back is not followed: its input is taken as it was recorded.
        .. from link in node.Links
           where numbers[link.Run] < numbers[node.Run.Record]
           from file in link.Files
           select new FedFile
           {
               Path = file.Used.Role == FileRole.Stdin ? ChainStep.Stdin : file.Used.Path,
               Maker = link.Run,
               Step = numbers[link.Run],
               MadePath = file.Made.Role == FileRole.Stdout ? ChainStep.Stdout : file.Made.Path,
               Recorded = file.Used.Sha256!,
           },
    ];
}
