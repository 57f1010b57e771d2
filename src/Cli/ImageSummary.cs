using Provenance.Archive.Images;

namespace Provenance.Cli;

/// <summary>An image as <c>prov image list --json</c> prints it.</summary>
internal sealed record ImageSummary
{
    public string? Name { get; init; }

    public required string Manifest { get; init; }

    /// <summary>Null for an index.</summary>
    public string? Tree { get; init; }

    /// <summary>The signed image/v1 statement; null when it has none.</summary>
    public string? Record { get; init; }

    public required string Platform { get; init; }

    /// <summary>Of an index, the images behind its name; null otherwise.</summary>
    public IReadOnlyList<ImageSummary>? Variants { get; init; }

    public static ImageSummary Of(NamedImage image) => new()
    {
        Name = image.Name,
        Manifest = image.Manifest.Digest.ToString(),
        Tree = image.Tree.ToString(),
        Record = image.Record?.ToString(),
        Platform = image.Platform.ToString(),
    };

    public static ImageSummary Of(NamedIndex index) => new()
    {
        Name = index.Name,
        Manifest = index.Index.Digest.ToString(),
        Platform = PlatformText.Of(index),
        Variants = [.. index.Variants.Select(variant => Of(variant) with { Name = null })],
    };

    public static ImageSummary Of(TakenImage taken) => new()
    {
        Name = taken.Name,
        Manifest = taken.Image.Manifest.Digest.ToString(),
        Tree = taken.Image.Tree.ToString(),
        Record = taken.Record.ToString(),
        Platform = taken.Image.Platform.ToString(),
    };
}
