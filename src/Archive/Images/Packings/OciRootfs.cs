namespace Provenance.Archive.Images.Packings;

/// <summary>The member <c>rootfs</c> of a config.</summary>
internal sealed record OciRootfs
{
    public string? Type { get; init; }

    public IReadOnlyList<string>? DiffIds { get; init; }
}
