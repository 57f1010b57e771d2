using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Web.Registry;

namespace Provenance.Web.Reading;

/// <summary>What one request reads of the archive.</summary>
internal sealed class Reader : IDisposable
{
    private static readonly LineageLimits Nearby = LineageLimits.Default with { Depth = 2, Runs = 40 };

    private readonly Shelf _shelf;
    private readonly Shelf.Lent _lent;
    private readonly bool _hasTurn;

    public Reader(Shelf shelf, Shelf.Lent lent, ImageNames images, bool hasTurn)
    {
        _hasTurn = hasTurn;
        _shelf = shelf;
        _lent = lent;
        Images = images;
    }

    public RecordFinder Finder => _lent.Finder;

    public BlobStore Blobs => _shelf.Blobs;

    /// <summary>Names of images, also of those that are not to be seen: for what is planned, not for what is shown.</summary>
    public ImageNames Images { get; }

    /// <summary>What is shown.</summary>
    public RecordScope Scope => _lent.Scope;

    /// <summary>The images by name that may be seen.</summary>
    public IReadOnlyList<NamedImage> ListImages() => Scope.IsEverything ? Images.List() : [.. Images.List().Where(MaySee)];

    /// <summary>Names of several images, all of which may be seen.</summary>
    public IReadOnlyList<NamedIndex> ListIndexes() =>
        Scope.IsEverything ? Images.ListIndexes() : [.. Images.ListIndexes().Where(index => MaySee(index.Name) && index.Variants.All(MaySee))];

    /// <summary>The manifest of an image that may be seen.</summary>
    /// <param name="name">As <see cref="ImageNames.Find"/> takes it.</param>
    /// <exception cref="ImageException">More than one is meant.</exception>
    public Digest? FindImage(string name) =>
        Images.Find(name) is { } image && (Scope.IsEverything || (MaySee(name) && Finder.ImagesByDigest(image.Manifest.Digest).Count > 0))
            ? image.Manifest.Digest
            : null;

    /// <param name="name">The record's digest or the first digits of it.</param>
    /// <param name="kind">Of this kind alone.</param>
    /// <exception cref="RecordNotFoundException">There is none.</exception>
    public RecordRow Get(string name, RecordKind kind) =>
        Finder.Find(name) is { } row && row.Kind == kind ? row : throw new RecordNotFoundException(name);

    /// <summary>Records that begin so and were taken down, as whoever keeps the archive says; empty where none were, or he may not know of them.</summary>
    /// <param name="name">A digest, or the first digits of one.</param>
    public IReadOnlyList<TombstoneRow> TakenDown(string name) =>
        Scope.TakenDown.Count == 0 ? [] : Tombstones.InForce(Finder.TombstonesOf(name), Blobs.Layout);

    /// <summary>The same, of an image by the digest of its manifest.</summary>
    public TombstoneRow? ImageTakenDown(Digest manifest) => Scope.TakenDown.Count == 0
        ? null
        : Tombstones.InForce([.. Finder.Tombstones().Where(row => row.Kind == RecordKind.Image)], Blobs.Layout)
            .FirstOrDefault(row => ManifestOf(row.Of) == manifest);

    public byte[] StatementOf(RecordRow row) => Finder.Read(row).Statement.ToArray();

    public RunRecord RunOf(RecordRow row) => RecordJson.ParseRun(StatementOf(row)).Predicate;

    public ReplayRecord ReplayOf(RecordRow row) => RecordJson.ParseReplay(StatementOf(row)).Predicate;

    public ImageRecord ImageOf(RecordRow row) => RecordJson.ParseImage(StatementOf(row)).Predicate;

    /// <summary>The runs before or after one, two steps far.</summary>
    public LineageGraph LineageOf(RunRow run, LineageDirection direction) =>
        new LineageFinder(Finder, Nearby) { Known = run }.From(run.Record, direction);

    private Digest ManifestOf(Digest image) => RecordJson.ParseImage(Blobs.Read(image, CanonicalJson.MaxBytes)).Predicate.Manifest.Digest;

    private bool MaySee(NamedImage image) => image.Record is { } record && Finder.Find(record.Hex) is not null && MaySee(image.Name);

    private bool MaySee(string? name) => name is null || Scope.HiddenNames.Count == 0
        || RepositoryName.Find(name) is not { } found || !Scope.HiddenNames.Contains($"{found.Repository}:{found.Tag}");

    public void Dispose() => _shelf.GiveBack(_lent, _hasTurn);
}
