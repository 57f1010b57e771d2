using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Distribution;

/// <summary>Sends images to a registry, byte for byte as they are kept, with their signed records as referrers.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="client">Speaks with the registry.</param>
/// <param name="finder">Finds the records.</param>
public sealed class ImagePusher(BlobStore blobs, RegistryClient client, RecordFinder finder)
{
    /// <summary>One image under a tag.</summary>
    /// <exception cref="ArchiveException">Something of it is not here, or the registry does not take it.</exception>
    public PushReport Push(NamedImage image, RegistryReference reference, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var sender = new BlobSender(client, reference, progress);
        SendParts([image], sender, cancellation);
        client.PutManifest(reference, blobs.Read(image.Manifest, RegistryClient.MaxManifestBytes), image.Manifest.MediaType, cancellation);
        return sender.Report(reference, image.Manifest.Digest, SendRecords([image], sender, cancellation));
    }

    /// <summary>An index under a tag, with all its images.</summary>
    /// <inheritdoc cref="Push(NamedImage, RegistryReference, IProgress{ValueTuple{long, long}}, CancellationToken)"/>
    public PushReport Push(NamedIndex index, RegistryReference reference, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var sender = new BlobSender(client, reference, progress);
        SendParts(index.Variants, sender, cancellation);
        foreach (var variant in index.Variants)
        {
            client.PutManifest(
                reference.At(variant.Manifest.Digest), blobs.Read(variant.Manifest, RegistryClient.MaxManifestBytes), variant.Manifest.MediaType, cancellation);
        }

        client.PutManifest(reference, blobs.Read(index.Index, RegistryClient.MaxManifestBytes), index.Index.MediaType, cancellation);
        return sender.Report(reference, index.Index.Digest, SendRecords(index.Variants, sender, cancellation));
    }

    private void SendParts(IReadOnlyList<NamedImage> images, BlobSender sender, CancellationToken cancellation)
    {
        var parts = images.Select(image => StoredManifest.Read(blobs, image.Manifest))
            .SelectMany(manifest => manifest.Layers.Append(manifest.Config))
            .DistinctBy(blob => blob.Digest)
            .ToList();
        if (parts.Find(part => !blobs.Contains(part.Digest)) is { } missing)
        {
            throw new BlobMissingException(missing.Digest);
        }

        sender.TotalBytes = parts.Sum(part => part.Size);
        parts.ForEach(part => sender.Send(part, () => blobs.Open(part), null, cancellation));
    }

    private List<Digest> SendRecords(IReadOnlyList<NamedImage> images, BlobSender sender, CancellationToken cancellation)
    {
        var sent = new List<Digest>();
        foreach (var image in images)
        {
            if (image.Record is { } record && finder.Find(record.Hex) is { } row)
            {
                var artifact = RecordArtifact.Of(row, image.Manifest with { Sha512 = null }, blobs);
                sender.Send(artifact, null, null, cancellation);
                sent.Add(artifact.Manifest.Digest);
            }
        }

        return sent;
    }
}
