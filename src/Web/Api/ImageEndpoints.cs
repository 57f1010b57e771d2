using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Api;

/// <summary>One image, by the digest of its manifest, and the packages in it.</summary>
internal static class ImageEndpoints
{
    /// <summary>More than any image has.</summary>
    private const int MostPassedOver = 1_000_000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/images/{digest}", Image).WithName("image").WithSummary("One image, by its manifest: its signed statement, and what was verified of it")
            .Produces<ImageFullDocument>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/images/{digest}/packages", Packages).WithName("imagePackages")
            .WithSummary(
                $"The packages of an image, page by page: 'after' and 'limit' (1 to {RunChoice.MostAtOnce}) page, 'name' stands in the names that are meant")
            .Produces<PackageListDocument>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static JsonHttpResult<ImageFullDocument> Image(Site site, HttpRequest request, string digest)
    {
        using var reader = site.Shelf.Open();
        var found = Find(reader, digest);
        var row = reader.Get(found.Record.Hex, RecordKind.Image);
        byte[] statement = reader.StatementOf(row);
        var image = RecordJson.ParseImage(statement).Predicate;
        return TypedResults.Json(
            new ImageFullDocument
            {
                Image = ImageDocument.Of(found),
                Address = site.AddressOf(request, Paths.Image(found.Manifest)),
                Verification = VerificationDocument.Of(site.Verifications.Of(reader, row, image.Layers.Sum(layer => layer.Blob.Size))),
                Packages = image.Packages,
                Program = image.Program,
                Requirements = RunRequirements.Of(image.Requirements, []),
                NoRequirements = image.NoRequirements,
                Statement = JsonElement.Parse(statement),
            },
            ApiJson.Default.ImageFullDocument);
    }

    private static Results<JsonHttpResult<PackageListDocument>, ProblemHttpResult> Packages(
        Site site, HttpRequest request, string digest, string? name, int? after, int? limit)
    {
        if (limit is not (null or (>= 1 and <= RunChoice.MostAtOnce)) || after is < 0 or > MostPassedOver)
        {
            return TypedResults.Problem(
                $"limit: expected 1 to {RunChoice.MostAtOnce}; after: 0 to {MostPassedOver}", statusCode: StatusCodes.Status400BadRequest);
        }

        using var reader = site.Shelf.Open();
        var found = Find(reader, digest);
        var image = reader.ImageOf(reader.Get(found.Record.Hex, RecordKind.Image));
        int most = limit ?? RunChoice.PageSize;
        var list = PackageList.Read(image, reader.Blobs, string.IsNullOrEmpty(name) ? null : name, after ?? 0, most);
        string? next = null;
        if (list.HasMore)
        {
            next = $"{request.Path}?after={(after ?? 0) + most}{(limit is null ? "" : $"&limit={most}")}"
                + (string.IsNullOrEmpty(name) ? "" : $"&name={Uri.EscapeDataString(name)}");
            request.HttpContext.Response.Headers.Link = $"<{site.AddressOf(request, next)}>; rel=\"next\"";
        }

        return TypedResults.Json(new PackageListDocument { Packages = list.Packages, Next = next }, ApiJson.Default.PackageListDocument);
    }

    /// <exception cref="RecordNotFoundException">No image that may be seen has this manifest.</exception>
    private static ImageRow Find(Reader reader, string digest) =>
        (Digest.TryParse(digest, out var manifest) || Digest.TryParseHex(digest, out manifest))
            && reader.Finder.ImagesByDigest(manifest).FirstOrDefault(image => image.Manifest == manifest) is { } found
            ? found
            : throw new RecordNotFoundException(digest);
}
