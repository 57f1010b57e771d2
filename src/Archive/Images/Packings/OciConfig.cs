namespace Provenance.Archive.Images.Packings;

/// <summary>A config as it stands in foreign JSON. Source: OCI image-spec v1.1.1, config.md.</summary>
internal sealed record OciConfig
{
    public string? Architecture { get; init; }

    public string? Os { get; init; }

    public string? Variant { get; init; }

    public OciExecution? Config { get; init; }

    public OciRootfs? Rootfs { get; init; }
}
