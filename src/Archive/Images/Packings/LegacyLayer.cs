using System.Text.Json;

namespace Provenance.Archive.Images.Packings;

/// <summary>The file <c>ID/json</c> of an image saved by Docker before 1.10. Source: moby image/spec/spec.md v1.0.</summary>
internal sealed record LegacyLayer
{
    public string? Id { get; init; }

    public string? Parent { get; init; }

    public string? Created { get; init; }

    public string? Author { get; init; }

    public string? Architecture { get; init; }

    public string? Os { get; init; }

    /// <summary>As it goes into the config we make.</summary>
    public JsonElement? Config { get; init; }
}
