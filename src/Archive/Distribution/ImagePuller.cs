using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Distribution;

/// <summary>Fetches an image from a registry and takes it in as one from an OCI layout: the same manifest gives the same image.</summary>
/// <remarks>
/// 1 resolve the name · 2 read index, manifest and config, and choose the platform · 3 fetch the layers that are not here · 4 import.
/// Killed before the end, another pull of the same manifest fetches only what had not come.
/// </remarks>
/// <param name="blobs">The archive's.</param>
/// <param name="client">Asks the registry.</param>
/// <param name="time">For the limits of the archive.</param>
public sealed class ImagePuller(BlobStore blobs, RegistryClient client, TimeProvider time)
{
    /// <param name="reference">What is asked for.</param>
    /// <param name="options">Platform and limits.</param>
    /// <param name="tree">As in <see cref="ImageImporter.Import"/>.</param>
    /// <param name="fetching">Told of bytes that came, and of how many will.</param>
    /// <param name="importing">As in <see cref="ImageImporter.Import"/>.</param>
    /// <param name="cancellation">Ends it; what has come stays for the next time.</param>
    /// <exception cref="ArchiveException">There is none, or it is not what it must be. The archive is as it was.</exception>
    public PulledImage Pull(
        RegistryReference reference,
        ImportOptions options,
        ITreeWriter? tree,
        IProgress<(long Done, long Total)>? fetching,
        IProgress<ImportProgress>? importing,
        CancellationToken cancellation)
    {
        try
        {
            // :: Step 1
            var top = client.GetManifest(reference, cancellation);
            long total = 0;
            using var fetched = new FetchedBlobs(blobs, client, reference, top.Descriptor.Digest, done => fetching?.Report((done, total)));

            // :: Step 2
            using var files = new RegistryFiles(blobs, client, reference, top, fetched, cancellation);
            var source = new ImageSource { Packing = ImagePacking.OciLayout, Path = reference.ToString(), Pulled = top.Descriptor.Digest };
            var image = new OciLayoutReader(files, source, options, "oci").Read();

            // :: Step 3
            var missing = image.Layers.Select(layer => layer.Expected!).DistinctBy(layer => layer.Digest).Where(layer => !fetched.Has(layer.Digest)).ToList();
            total = fetched.Bytes + missing.Sum(layer => layer.Size);
            ArchiveQuota.Check(blobs.Layout, time, total);
            missing.ForEach(layer => fetched.Fetch(layer, cancellation));

            // :: Step 4
            var imported = Import(image, source, options, tree, importing, fetched, cancellation);
            return new PulledImage(imported, top.Descriptor.Digest, fetched.Count, fetched.Bytes);
        }
        catch
        {
            tree?.Abort();
            throw;
        }
    }

    /// <summary>What came is of no more use when it was taken in, or found to be no image.</summary>
    private ImportedImage Import(
        PackedImage image,
        ImageSource source,
        ImportOptions options,
        ITreeWriter? tree,
        IProgress<ImportProgress>? importing,
        FetchedBlobs fetched,
        CancellationToken cancellation)
    {
        try
        {
            var imported = new ImageImporter(blobs).ImportRead(image, source, options, tree, importing, cancellation);
            fetched.Discard();
            return imported;
        }
        catch (ArchiveException)
        {
            fetched.Discard();
            throw;
        }
    }
}
