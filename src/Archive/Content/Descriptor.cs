namespace Provenance.Archive.Content;

/// <summary>A blob as somebody named it: its type, digest and size. What it says is checked when the blob is read.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, descriptor.md. SHA-512 stands beside, so that the day SHA-256 falls nothing is read again.</remarks>
public sealed record Descriptor
{
    public required string MediaType { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Size of the blob, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>128 lowercase hex digits. Always there in our signed records; absent in foreign manifests.</summary>
    public string? Sha512 { get; init; }
}
