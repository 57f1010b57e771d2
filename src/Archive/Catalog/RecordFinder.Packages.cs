namespace Provenance.Archive.Catalog;

/// <summary>Images by the packages in them.</summary>
public sealed partial class RecordFinder
{
    /// <summary>Images that have a package, the newest first, one for each build of it.</summary>
    /// <param name="name">As its manager writes it.</param>
    /// <param name="version">As far as it is known, up to one of the signs <c>-+.~_:</c>; null for any.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<PackageMatch> ImagesWithPackage(string name, string? version, int limit) =>
    [
        .. _overlay.Ask(catalog => catalog.ImagesWithPackage(name, version, limit)
                .SelectMany(found => catalog.ImagesByRecord(SqlBlob.Of(found.Record)!).Select(image => new PackageMatch(image, found.Package))).ToList())
            .Distinct().Take(limit),
    ];

    /// <summary>An image stands in one catalog and the runs on it may stand in the other.</summary>
    private RunFilter FilterOf(RunQuery query) => query.Package is not { } name ? new RunFilter(query) : new RunFilter(query with
    {
        Manifests = [.. _overlay.Ask(catalog => catalog.ManifestsWithPackage(name, query.PackageVersion)).Distinct()],
    });
}
