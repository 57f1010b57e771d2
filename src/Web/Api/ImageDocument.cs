using Provenance.Archive.Catalog;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>An image.</summary>
internal sealed record ImageDocument
{
    /// <summary>Of the signed record.</summary>
    public required string Record { get; init; }

    public required string Manifest { get; init; }

    public required string Tree { get; init; }

    public required string Platform { get; init; }

    public required long UnpackedBytes { get; init; }

    public string? SignedBy { get; init; }

    public required string Path { get; init; }

    public static ImageDocument Of(ImageRow image) => new()
    {
        Record = image.Record.Hex,
        Manifest = image.Manifest.ToString(),
        Tree = image.Tree.ToString(),
        Platform = image.Platform,
        UnpackedBytes = image.UnpackedBytes,
        SignedBy = image.SignerName,
        Path = Paths.Image(image.Manifest),
    };
}
