using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;

namespace Provenance.Web.Reading;

/// <summary>What one request reads of the archive.</summary>
internal sealed class Reader : IDisposable
{
    private static readonly LineageLimits Nearby = LineageLimits.Default with { Depth = 2, Runs = 40 };

    private readonly Shelf _shelf;
    private readonly Shelf.Lent _lent;

    public Reader(Shelf shelf, Shelf.Lent lent, FolderSync sync)
    {
        _shelf = shelf;
        _lent = lent;
        Images = new ImageNames(shelf.Blobs.Layout, shelf.Blobs, sync);
    }

    public RecordFinder Finder => _lent.Finder;

    public BlobStore Blobs => _shelf.Blobs;

    public ImageNames Images { get; }

    /// <param name="name">The record's digest or the first digits of it.</param>
    /// <param name="kind">Of this kind alone.</param>
    /// <exception cref="RecordNotFoundException">There is none.</exception>
    public RecordRow Get(string name, RecordKind kind) =>
        Finder.Find(name) is { } row && row.Kind == kind ? row : throw new RecordNotFoundException(name);

    public byte[] StatementOf(RecordRow row) => Finder.Read(row).Statement.ToArray();

    public RunRecord RunOf(RecordRow row) => RecordJson.ParseRun(StatementOf(row)).Predicate;

    public ReplayRecord ReplayOf(RecordRow row) => RecordJson.ParseReplay(StatementOf(row)).Predicate;

    public ImageRecord ImageOf(RecordRow row) => RecordJson.ParseImage(StatementOf(row)).Predicate;

    /// <summary>The runs before or after one, two steps far.</summary>
    public LineageGraph LineageOf(Digest run, LineageDirection direction) => new LineageFinder(Finder, Nearby).From(run, direction);

    public void Dispose() => _shelf.GiveBack(_lent);
}
