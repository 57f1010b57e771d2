using System.Globalization;
using System.Text.Json;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Web.Access;
using Provenance.Web.Hosting;
using Provenance.Web.Registry.Pushing;

namespace Provenance.Web.Registry;

/// <summary><c>/v2/</c>: the images of the archive, for any container tool to pull, with their signed records as referrers; and what was pushed.</summary>
/// <remarks>
/// Source: OCI distribution-spec v1.1.1. Names of repositories have slashes: what stands behind them is found from the right. Beside the specification
/// the catalogue <c>/v2/_catalog</c> and the field <c>Docker-Distribution-API-Version</c>, which clients ask for.
/// </remarks>
internal static class RegistryEndpoints
{
    private const int MostListed = 1000;
    private static readonly string[] Writes = [HttpMethods.Put, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete];
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v2/", Reads, Ping);
        routes.MapMethods("/v2/{**rest}", Reads, Read);
        routes.MapMethods("/v2/{**rest}", Writes, Task<IResult> (Site site, HttpContext http, string rest) => PushEndpoints.AnswerAsync(site, http, rest));
        routes.MapMethods("/token", [HttpMethods.Get, HttpMethods.Post], Token);
    }

    /// <summary>Where something can be pushed, clients are told at once how to be let in: they do not ask again when they push.</summary>
    private static IResult Ping(Site site, HttpContext http)
    {
        http.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        http.Response.Headers["Prov-Archive"] = "1";
        if (site.Options.Writing is not null && http.Request.Headers.Authorization.Count == 0)
        {
            Challenge.Write(http);
            return RegistryError.Unauthorized("a token is asked for; whoever has none gets one that lets him read");
        }

        return Results.Text("{}", "application/json");
    }

    /// <summary>A token is its own: whoever has shown one gets it back. Others get one that says they have none.</summary>
    private static IResult Token(HttpContext http)
    {
        const int Seconds = 300;
        string token = Credentials.Read(http.Request) ?? Credentials.Anonymous;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new TokenAnswer(token, token, Seconds), RegistryJson.Default.TokenAnswer);
    }

    private static IResult Read(Site site, HttpContext http, string rest)
    {
        http.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        var catalogue = site.Registry;
        if (rest == "_catalog")
        {
            return Results.Json(new RepositoryList(Part(http, catalogue.Repositories, "/v2/_catalog")), RegistryJson.Default.RepositoryList);
        }

        if (rest.EndsWith("/tags/list", StringComparison.Ordinal))
        {
            return Tags(site, http, catalogue, rest[..^"/tags/list".Length]);
        }

        if (RegistryPath.Find(rest, "/manifests/") is { Reference.Length: > 0 } manifest)
        {
            return Manifest(site, http, catalogue, manifest.Name, manifest.Reference);
        }

        if (RegistryPath.Find(rest, "/blobs/uploads/") is { Reference.Length: > 0 } upload)
        {
            return PushEndpoints.Progress(site, http, upload.Name, upload.Reference);
        }

        if (RegistryPath.Find(rest, "/blobs/") is { Reference.Length: > 0 } blob)
        {
            return Blob(site, http, blob.Name, blob.Reference);
        }

        return RegistryPath.Find(rest, "/referrers/") is { Reference.Length: > 0 } referrers
            ? Referrers(http, catalogue, referrers.Name, referrers.Reference)
            : RegistryError.NameUnknown(rest);
    }

    /// <summary>distribution-spec, "Listing tags": in ASCII order, after <c>last</c>, at most <c>n</c>, with a link to the rest.</summary>
    private static IReadOnlyList<string> Part(HttpContext http, IEnumerable<string> all, string path)
    {
        var query = http.Request.Query;
        int most = int.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? Math.Min(n, MostListed) : MostListed;
        string last = query["last"].ToString();
        string[] rest = [.. all.Where(name => last.Length == 0 || string.CompareOrdinal(name, last) > 0)];
        string[] part = [.. rest.Take(most)];
        if (part.Length > 0 && part.Length < rest.Length)
        {
            http.Response.Headers.Link = $"<{path}?n={most}&last={Uri.EscapeDataString(part[^1])}>; rel=\"next\"";
        }

        return part;
    }

    private static IResult Tags(Site site, HttpContext http, Catalogue catalogue, string name) =>
        name == BundleArtifactNames.Repository ? RunTags(site, http, catalogue)
        : !catalogue.Knows(name) ? RegistryError.NameUnknown(name)
        : Results.Json(new TagList(name, Part(http, catalogue.TagsOf(name), $"/v2/{name}/tags/list")), RegistryJson.Default.TagList);

    /// <summary>Every run has a tag there. No more are read than are asked for: there may be millions.</summary>
    private static IResult RunTags(Site site, HttpContext http, Catalogue catalogue)
    {
        int most = int.TryParse(http.Request.Query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? Math.Min(n, MostListed) : MostListed;
        string last = http.Request.Query["last"].ToString();
        using var reader = site.Shelf.Open();
        // One more than is told, so that it is known whether there is a rest.
        var tags = RunArtifacts.TagsAfter(reader, last, most + 1).Union(catalogue.TagsOf(BundleArtifactNames.Repository)).Order(StringComparer.Ordinal);
        return Results.Json(
            new TagList(BundleArtifactNames.Repository, Part(http, tags, $"/v2/{BundleArtifactNames.Repository}/tags/list")), RegistryJson.Default.TagList);
    }

    private static IResult Manifest(Site site, HttpContext http, Catalogue catalogue, string name, string reference)
    {
        if (!RepositoryName.IsRepository(name))
        {
            return RegistryError.NameInvalid(name);
        }

        if (name == BundleArtifactNames.Repository && catalogue.FindTag(name, reference) is null && RunManifest(site, http, reference) is { } made)
        {
            return made;
        }

        if (!catalogue.Knows(name))
        {
            return RegistryError.NameUnknown(name);
        }

        if (!reference.Contains(':', StringComparison.Ordinal))
        {
            return catalogue.FindTag(name, reference) is { } tagged ? Stored(site, tagged.Digest, tagged.MediaType) : RegistryError.ManifestUnknown(reference);
        }

        if (!Digest.TryParse(reference, out var digest))
        {
            return RegistryError.DigestInvalid(reference);
        }

        if (catalogue.FindReferrer(digest) is { } referrer)
        {
            http.Response.Headers["Docker-Content-Digest"] = digest.ToString();
            return Memory(http, referrer.Bytes.ToArray(), MediaTypes.ImageManifest);
        }

        return (catalogue.MediaTypeIn(name, digest) ?? VariantOf(site, catalogue, name, digest)) is { } mediaType
            ? Stored(site, digest, mediaType)
            : RegistryError.ManifestUnknown(reference);
    }

    /// <summary>A run's artifact by its tag, or by the digest that was told for it.</summary>
    private static IResult? RunManifest(Site site, HttpContext http, string reference)
    {
        using var reader = site.Shelf.Open();
        var digest = Digest.TryParse(reference, out var named) ? named : site.RunArtifacts.Find(reader, reference);
        if (digest is null || site.RunArtifacts.FindDocument(reader, digest) is not { } bytes)
        {
            return null;
        }

        http.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return Memory(http, bytes, MediaTypes.ImageManifest);
    }

    /// <summary>A manifest that stands in an index of the repository, and that nobody imported by itself.</summary>
    private static string? VariantOf(Site site, Catalogue catalogue, string name, Digest digest)
    {
        const int MostBytes = 4 << 20;
        foreach (string tag in catalogue.TagsOf(name))
        {
            var listed = catalogue.FindTag(name, tag)!;
            if (listed.MediaType is not (MediaTypes.ImageIndex or MediaTypes.DockerManifestList) || listed.Size > MostBytes
                || !site.Shelf.Has(digest))
            {
                continue;
            }

            using var index = JsonDocument.Parse(site.Shelf.Blobs.Read(listed, MostBytes));
            foreach (var entry in index.RootElement.GetProperty("manifests").EnumerateArray())
            {
                if (entry.GetProperty("digest").GetString() == digest.ToString())
                {
                    return entry.GetProperty("mediaType").GetString();
                }
            }
        }

        return null;
    }

    private static IResult Blob(Site site, HttpContext http, string name, string reference)
    {
        if (!RepositoryName.IsRepository(name))
        {
            return RegistryError.NameInvalid(name);
        }

        if (!Digest.TryParse(reference, out var digest))
        {
            return RegistryError.DigestInvalid(reference);
        }

        if (site.Shelf.Has(digest))
        {
            return Stored(site, digest, MediaTypes.OctetStream);
        }

        if (PushEndpoints.FindSent(site, http, digest) is { } sent)
        {
            return new BlobResult { Path = sent, Digest = digest, MediaType = MediaTypes.OctetStream, IsRegistry = true };
        }

        using var reader = site.Shelf.Open();
        if (site.RunArtifacts.HasBlob(reader, digest) && site.Shelf.Blobs.Contains(digest))
        {
            // Of a run that is shown, and of one that is not as well.
            return Stored(site, digest, MediaTypes.OctetStream);
        }

        http.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        if (site.RunArtifacts.FindDocument(reader, digest) is { } document)
        {
            return Memory(http, document, MediaTypes.OctetStream);
        }

        return digest == EmptyObject.Descriptor.Digest
            ? Memory(http, EmptyObject.Bytes.ToArray(), MediaTypes.OctetStream)
            : RegistryError.BlobUnknown(reference);
    }

    /// <summary>distribution-spec, "Listing Referrers": 200 also when there is none.</summary>
    private static IResult Referrers(HttpContext http, Catalogue catalogue, string name, string reference)
    {
        if (!RepositoryName.IsRepository(name))
        {
            return RegistryError.NameInvalid(name);
        }

        if (!Digest.TryParse(reference, out var digest))
        {
            return RegistryError.DigestInvalid(reference);
        }

        var found = catalogue.ReferrersOf(name, digest);
        if (http.Request.Query["artifactType"].ToString() is { Length: > 0 } type)
        {
            http.Response.Headers["OCI-Filters-Applied"] = "artifactType";
            found = found.Where(descriptor => descriptor.ArtifactType == type);
        }

        return Results.Json(
            new ReferrerIndex(2, MediaTypes.ImageIndex, [.. found]), RegistryJson.Default.ReferrerIndex, contentType: MediaTypes.ImageIndex);
    }

    private static IResult Stored(Site site, Digest digest, string mediaType) => site.Shelf.Blobs.Contains(digest)
        ? new BlobResult { Path = site.Options.Layout.BlobPath(digest), Digest = digest, MediaType = mediaType, IsRegistry = true }
        : RegistryError.ManifestUnknown(digest.ToString());

    private static IResult Memory(HttpContext http, byte[] content, string mediaType)
    {
        http.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            return Results.Bytes(content, mediaType);
        }

        http.Response.ContentType = mediaType;
        return Results.Empty;
    }
}
