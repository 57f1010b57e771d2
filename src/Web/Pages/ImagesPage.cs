using Provenance.Archive.Catalog;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>The images of the archive, named ones first.</summary>
public sealed record ImagesPage(PageHead Head, IReadOnlyList<(string? Name, ImageRow Image)> Images)
{
    private const int Most = 500;

    internal static IReadOnlyList<(string? Name, ImageRow Image)> List(Reader reader)
    {
        var names = reader.ListImages().Where(image => image.Name is not null).ToLookup(image => image.Manifest.Digest, image => image.Name);
        return
        [
            .. reader.Finder.Images(Most).DistinctBy(image => image.Manifest)
                .SelectMany(image => names[image.Manifest].DefaultIfEmpty().Select(name => (name, image)))
                .OrderBy(pair => pair.name is null).ThenBy(pair => pair.name, StringComparer.Ordinal),
        ];
    }
}
