using Provenance.Archive.Records;

namespace Provenance.Archive.Images;

/// <summary>What an image was built for. Source: OCI image-spec v1.1.1, image-index.md#platform-variants.</summary>
public sealed record Platform
{
    /// <summary><c>linux</c>.</summary>
    public required string Os { get; init; }

    /// <summary>A GOARCH value: <c>amd64</c>, <c>arm64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>v1</c>…<c>v4</c> for amd64, <c>v8</c> for arm64; null when not declared.</summary>
    public string? Variant { get; init; }

    /// <summary>A machine as images know machines: its variant is the level of its processor, where levels are known.</summary>
    public static Platform Of(CpuProfile cpu) =>
        new() { Os = "linux", Architecture = cpu.Architecture, Variant = cpu.Architecture == "amd64" ? cpu.Level : null };

    public override string ToString() =>
        Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
