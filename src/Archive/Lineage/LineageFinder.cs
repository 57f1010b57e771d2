using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>Finds the lineage of a run in the catalog: runs joined by the content of files, never by their names alone.</summary>
public sealed class LineageFinder(RecordFinder records, LineageLimits limits)
{
    /// <summary>A run that was found already, so that it is not asked for again.</summary>
    public RunRow? Known { get; init; }

    /// <exception cref="RecordNotFoundException">The run is not in the archive.</exception>
    public LineageGraph From(Digest run, LineageDirection direction) =>
        new LineageWalk(direction == LineageDirection.Up ? ReadUp : ReadDown).From(run, direction, limits);

    /// <summary>Runs that made a content, the latest first.</summary>
    public IReadOnlyList<LineageFile> MakersOf(Digest content) =>
    [
        .. records.FilesMade([content], DateTimeOffset.MaxValue)
            .OrderByDescending(file => file.EndedAt)
            .DistinctBy(file => file.Run),
    ];

    private RunRow? Find(Digest run) => Known?.Record == run ? Known : records.FindRun(run);

    private LineageNode? ReadUp(Digest run)
    {
        if (Find(run) is not { } row)
        {
            return null;
        }

        var inputs = records.InputsOf(run);
        var made = records.FilesMade(Contents(inputs), row.StartedAt).ToLookup(file => file.Sha256);
        var linked = new List<LinkedFile>();
        var sources = new List<LineageFile>();
        int count = 0;
        foreach (var input in inputs)
        {
            if (input.Sha256 is { } content && LinkRules.Choose(made[content], input) is { } link)
            {
                linked.Add(link);
            }
            else if (count++ < limits.Sources)
            {
                sources.Add(input);
            }
        }

        return new LineageNode
        {
            Run = row,
            Depth = 0,
            Links = Group(linked, file => file.Made.Run),
            Sources = sources,
            SourceCount = count,
        };
    }

    private LineageNode? ReadDown(Digest run)
    {
        if (Find(run) is not { } row)
        {
            return null;
        }

        var outputs = records.OutputsOf(run);
        var contents = Contents(outputs);
        var made = records.FilesMade(contents, DateTimeOffset.MaxValue).ToLookup(file => file.Sha256);
        var own = outputs.ToLookup(file => file.Sha256);
        var linked = records.FilesUsed(contents, row.EndedAt)
            .Select(used => LinkRules.Choose(own[used.Sha256], used) is { } link
                ? LinkRules.Link(link.Made, used, made[used.Sha256])
                : null);
        return new LineageNode
        {
            Run = row,
            Depth = 0,
            Links = Group(linked.OfType<LinkedFile>(), file => file.Used.Run),
            Sources = [],
            SourceCount = 0,
        };
    }

    private static IReadOnlyList<Digest> Contents(IEnumerable<LineageFile> files) =>
        [.. files.Where(file => file.Size > 0).Select(file => file.Sha256).OfType<Digest>().Distinct()];

    private static IReadOnlyList<LineageLink> Group(IEnumerable<LinkedFile> files, Func<LinkedFile, Digest> otherEnd) =>
    [
        .. files.OrderBy(file => file.Used.Path, StringComparer.Ordinal)
            .GroupBy(otherEnd)
            .Select(group => new LineageLink(group.Key, [.. group])),
    ];
}
