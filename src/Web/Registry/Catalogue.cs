using Provenance.Archive.Content;
using Provenance.Web.Hosting;
using Provenance.Web.Reading;

namespace Provenance.Web.Registry;

/// <summary>The archive's images as a registry has them: repositories, tags, manifests and what refers to these. Made anew when the archive changes.</summary>
internal sealed class Catalogue
{
    private const int MostImages = 100_000;

    private readonly ILookup<string, (string Tag, Descriptor Manifest)> _repositories;
    private readonly ILookup<Digest, Referrer> _referrersOf;
    private readonly Dictionary<Digest, Referrer> _referrers;
    private readonly Dictionary<Digest, string> _mediaTypes = [];

    private Catalogue(Reader reader, ArchiveStamp stamp)
    {
        Stamp = stamp;
        var named = reader.ListImages().Where(image => image.Name is not null).Select(image => (image.Name, image.Manifest));
        var indexes = reader.ListIndexes();
        _repositories = named.Concat(indexes.Select(index => ((string?)index.Name, index.Index)))
            .Select(pair => (Name: RepositoryName.Find(pair.Item1!), Manifest: pair.Item2))
            .Where(pair => pair.Name is not null)
            .ToLookup(pair => pair.Name!.Repository, pair => (pair.Name!.Tag, pair.Manifest));
        var referrers = new List<(Digest Subject, Referrer Referrer)>();
        foreach (var row in reader.Finder.Images(MostImages))
        {
            if (reader.Finder.Find(row.Record.Hex) is { } record)
            {
                var image = reader.ImageOf(record);
                referrers.Add((image.Manifest.Digest, Referrer.Of(record, image, reader.Blobs)));
                _mediaTypes[image.Manifest.Digest] = image.Manifest.MediaType;
                if (image.Index is { } index)
                {
                    _mediaTypes[index.Digest] = index.MediaType;
                }
            }
        }

        foreach (var index in indexes)
        {
            _mediaTypes[index.Index.Digest] = index.Index.MediaType;
        }

        _referrersOf = referrers.ToLookup(pair => pair.Subject, pair => pair.Referrer);
        _referrers = referrers.Select(pair => pair.Referrer).DistinctBy(referrer => referrer.Digest).ToDictionary(referrer => referrer.Digest);
    }

    public ArchiveStamp Stamp { get; }

    /// <summary>In ASCII order.</summary>
    public IEnumerable<string> Repositories => _repositories.Select(repository => repository.Key).Order(StringComparer.Ordinal);

    public static Catalogue Of(Site site)
    {
        var stamp = site.Shelf.Stamp;
        using var reader = site.Shelf.Open();
        return new Catalogue(reader, stamp);
    }

    public bool Knows(string repository) => repository == RepositoryName.Any || _repositories.Contains(repository);

    /// <summary>In ASCII order.</summary>
    public IEnumerable<string> TagsOf(string repository) => _repositories[repository].Select(pair => pair.Tag).Order(StringComparer.Ordinal);

    public Descriptor? FindTag(string repository, string tag) =>
        _repositories[repository].Where(pair => pair.Tag == tag).Select(pair => pair.Manifest).FirstOrDefault();

    public IEnumerable<Referrer> ReferrersOf(Digest manifest) => _referrersOf[manifest];

    public Referrer? FindReferrer(Digest digest) => _referrers.GetValueOrDefault(digest);

    /// <returns>Null for what is no manifest of an image here.</returns>
    public string? MediaTypeOf(Digest manifest) => _mediaTypes.GetValueOrDefault(manifest);
}
