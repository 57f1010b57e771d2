using Provenance.Archive.Images;

namespace Provenance.Cli;

/// <summary>An image as <c>prov image list --json</c> prints it.</summary>
internal sealed record ImageSummary
{
    public string? Name { get; init; }

    public required string Manifest { get; init; }

    public required string Tree { get; init; }

    /// <summary>The signed image/v1 statement; null when it has none.</summary>
    public string? Record { get; init; }

    public required string Platform { get; init; }

    public static ImageSummary Of(NamedImage image) => new()
    {
        Name = image.Name,
        Manifest = image.Manifest.Digest.ToString(),
        Tree = image.Tree.ToString(),
        Record = image.Record?.ToString(),
        Platform = image.Platform.ToString(),
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
