namespace Provenance.Archive.Images.Packings;

/// <summary>A platform as it stands in foreign JSON.</summary>
internal sealed record OciPlatform
{
    public string? Architecture { get; init; }

    public string? Os { get; init; }

    public string? Variant { get; init; }
}
