using System.Text.Json.Serialization;

namespace Provenance.Archive.Images.Packings;

/// <summary>The member <c>rootfs</c> of a config.</summary>
internal sealed record OciRootfs
{
    public string? Type { get; init; }

    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string>? DiffIds { get; init; }
}
