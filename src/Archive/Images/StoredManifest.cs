using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Images;

/// <summary>The manifest of an image that is in the archive.</summary>
internal sealed record StoredManifest(Descriptor Config, IReadOnlyList<Descriptor> Layers)
{
    /// <exception cref="BlobMissingException">It is not there.</exception>
    /// <exception cref="ImageException">It is not a manifest.</exception>
    public static StoredManifest Read(BlobStore blobs, Descriptor manifest)
    {
        string what = $"manifest '{manifest.Digest}'";
        var document = OciReader.ReadDocument(blobs.Read(manifest, ImportLimits.Default.MaxJsonBytes), what);
        return document is { Config: { } config, Layers: { } layers }
            ? new StoredManifest(ToDescriptor(config, what), [.. layers.Select(layer => ToDescriptor(layer, what))])
            : throw new ImageException($"{what}: has no config or no layers");
    }

    private static Descriptor ToDescriptor(OciDescriptor descriptor, string what) =>
        descriptor is { MediaType: { } mediaType, Size: { } size } && Digest.TryParse(descriptor.Digest, out var digest)
            ? new Descriptor { MediaType = mediaType, Digest = digest, Size = size }
            : throw new ImageException($"{what}: has a malformed descriptor");
}
