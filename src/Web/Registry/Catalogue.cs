using System.Text.Json;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Web.Hosting;
using Provenance.Web.Reading;

namespace Provenance.Web.Registry;

/// <summary>The archive's images as a registry has them: repositories, tags, manifests and what refers to these. Made anew when the archive changes.</summary>
internal sealed class Catalogue
{
    private const int MostImages = 100_000;

    private readonly ILookup<string, (string Tag, Descriptor Manifest)> _repositories;
    private readonly ILookup<Digest, OutgoingArtifact> _referrersOf;
    private readonly Dictionary<Digest, OutgoingArtifact> _referrers;
    private readonly Dictionary<Digest, string> _mediaTypes = [];
    private readonly Dictionary<(string Repository, Digest Manifest), PushedManifest> _pushed;
    private readonly ILookup<(string Repository, Digest Subject), PushedManifest> _pushedReferrersOf;
    private readonly ILookup<string, (string Tag, Descriptor Manifest)> _pushedTags;

    /// <summary>Bundles that were pushed anywhere here, by the image that their run ran in: it is pulled from another repository than they are.</summary>
    private readonly ILookup<Digest, PushedManifest> _bundlesOf;
    private readonly HashSet<string> _hiddenNames;
    private readonly bool _hasRuns;

    private Catalogue(Reader reader, ArchiveStamp stamp, PushedManifests pushed, Func<PushedManifest, bool> mayRead, Func<PushedTag, bool> maySee)
    {
        Stamp = stamp;
        _hasRuns = reader.Finder.RunsAfter(null, 1).Count > 0;
        _pushed = (reader.Scope.Shown is null ? pushed.List() : [])
            .Where(manifest => mayRead(manifest) && !reader.Scope.WithheldManifests.Contains(manifest.Manifest.Digest))
            .ToDictionary(manifest => (manifest.Repository, manifest.Manifest.Digest));
        _pushedReferrersOf = _pushed.Values.Where(manifest => manifest.Subject is not null).ToLookup(manifest => (manifest.Repository, manifest.Subject!));
        _bundlesOf = _pushed.Values.Where(manifest => manifest.ArtifactType == BundleArtifactNames.ArtifactType && manifest.Subject is not null)
            .ToLookup(manifest => manifest.Subject!);
        _pushedTags = pushed.Tags().Where(maySee)
            .Select(tag => (tag, Manifest: _pushed.GetValueOrDefault((tag.Repository, tag.Digest))?.Manifest))
            .Where(pair => pair.Manifest is not null)
            .ToLookup(pair => pair.tag.Repository, pair => (pair.tag.Tag, pair.Manifest!));
        var named = reader.ListImages().Where(image => image.Name is not null).Select(image => (image.Name, image.Manifest));
        var indexes = reader.ListIndexes();
        _hiddenNames = [.. reader.Images.List().Select(image => image.Name).OfType<string>(), .. reader.Images.ListIndexes().Select(index => index.Name)];
        _repositories = named.Concat(indexes.Select(index => ((string?)index.Name, index.Index)))
            .Select(pair => (Name: RepositoryName.Find(pair.Item1!), Manifest: pair.Item2))
            .Where(pair => pair.Name is not null)
            .ToLookup(pair => pair.Name!.Repository, pair => (pair.Name!.Tag, pair.Manifest));
        var referrers = new List<OutgoingArtifact>();
        foreach (var row in reader.Finder.Images(MostImages))
        {
            if (reader.Finder.Find(row.Record.Hex) is { } record)
            {
                var image = reader.ImageOf(record);
                referrers.Add(RecordArtifact.Of(record, image.Manifest, reader.Blobs));
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

        _referrersOf = referrers.ToLookup(referrer => referrer.Subject!.Digest);
        _referrers = referrers.DistinctBy(referrer => referrer.Manifest.Digest).ToDictionary(referrer => referrer.Manifest.Digest);
    }

    public ArchiveStamp Stamp { get; }

    /// <summary>In ASCII order.</summary>
    public IEnumerable<string> Repositories => _repositories.Select(repository => repository.Key)
        .Union(_pushed.Keys.Select(key => key.Repository))
        .Union(_hasRuns ? [BundleArtifactNames.Repository] : [])
        .Order(StringComparer.Ordinal);

    public static Catalogue Of(Site site)
    {
        var stamp = site.Shelf.Stamp;
        using var reader = site.Shelf.Open();
        return new Catalogue(reader, stamp, new PushedManifests(site.Options.Layout, site.Options.Time), MayRead, MaySee);

        bool MayRead(PushedManifest manifest) =>
            site.Audience.May(TokenScopes.Admin) || manifest.MayBeReadBy(site.Audience.Owner, site.Options.Time.GetUtcNow());

        bool MaySee(PushedTag tag) =>
            site.Audience.May(TokenScopes.Admin) || tag.MayBeReadBy(site.Audience.Owner, site.Options.Time.GetUtcNow());
    }

    public bool Knows(string repository) =>
        repository == RepositoryName.Any || _repositories.Contains(repository) || _pushed.Keys.Any(key => key.Repository == repository);

    /// <summary>Whether an image here has the name, for whoever may see it.</summary>
    public bool IsTaken(string repository, string tag) => _hiddenNames.Contains(RepositoryName.NameOf(repository, tag));

    /// <summary>In ASCII order.</summary>
    public IEnumerable<string> TagsOf(string repository) =>
        _repositories[repository].Concat(_pushedTags[repository]).Select(pair => pair.Tag).Distinct().Order(StringComparer.Ordinal);

    /// <summary>What was pushed last is what a tag means; an image that was imported besides has the same manifest.</summary>
    public Descriptor? FindTag(string repository, string tag) =>
        _pushedTags[repository].Concat(_repositories[repository]).Where(pair => pair.Tag == tag).Select(pair => pair.Manifest).FirstOrDefault();

    /// <summary>The signed record of an image, what was pushed to refer to a manifest of the repository, and bundles of runs in that image.</summary>
    public IEnumerable<ReferrerDescriptor> ReferrersOf(string repository, Digest manifest) =>
        _referrersOf[manifest].Select(Describe)
            .Concat(_pushedReferrersOf[(repository, manifest)].Select(Describe))
            .Concat(BundlesOf(repository, manifest).Select(Describe))
            .DistinctBy(descriptor => descriptor.Digest);

    public OutgoingArtifact? FindReferrer(Digest digest) => _referrers.GetValueOrDefault(digest);

    /// <returns>Null for what is no manifest of the repository.</returns>
    public string? MediaTypeIn(string repository, Digest manifest) =>
        _pushed.GetValueOrDefault((repository, manifest))?.Manifest.MediaType ?? _mediaTypes.GetValueOrDefault(manifest) ?? BundleTypeIn(repository, manifest);

    /// <summary>What is listed as a referrer in a repository can be pulled from there.</summary>
    private string? BundleTypeIn(string repository, Digest manifest) => _pushed.Values.FirstOrDefault(one =>
        one.Manifest.Digest == manifest && one.Subject is { } subject && BundlesOf(repository, subject).Contains(one))?.Manifest.MediaType;

    /// <summary>Of an image that the repository has.</summary>
    private IEnumerable<PushedManifest> BundlesOf(string repository, Digest image) =>
        _pushed.ContainsKey((repository, image)) || _mediaTypes.ContainsKey(image) ? _bundlesOf[image] : [];

    private static ReferrerDescriptor Describe(OutgoingArtifact artifact) => new(
        artifact.Manifest.MediaType, artifact.Manifest.Digest.ToString(), artifact.Manifest.Size, artifact.ArtifactType, artifact.Annotations);

    private static ReferrerDescriptor Describe(PushedManifest manifest) => new(
        manifest.Manifest.MediaType,
        manifest.Manifest.Digest.ToString(),
        manifest.Manifest.Size,
        manifest.Manifest.MediaType == MediaTypes.ImageIndex && manifest.ArtifactType is null ? null : manifest.ArtifactType,
        manifest.Annotations is { } texts ? JsonSerializer.Deserialize(texts, RegistryJson.Default.DictionaryStringString) : null);
}
