using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>Takes an image into the archive: every byte checked and kept as it came, the tree digest made, and on the way, if asked, unpacked.</summary>
/// <param name="blobs">Where the bytes go.</param>
/// <param name="packFolder">How a plain folder is read; without it folders are refused.</param>
public sealed class ImageImporter(BlobStore blobs, FolderTar? packFolder = null)
{
    /// <summary>Imports one image. On failure nothing is left, in the archive or of the tree.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="options">Platform and limits.</param>
    /// <param name="tree">Unpacks while the image is read; null to hash only. It is committed or aborted here.</param>
    /// <param name="progress">Told a few times a second at most, from the thread that reads.</param>
    /// <param name="cancellation">Ends the import as a failure does.</param>
    /// <exception cref="ImageException">It is not an image we can read.</exception>
    /// <exception cref="HostileImageException">It breaks a rule or a limit.</exception>
    public ImportedImage Import(
        ImageSource source,
        ImportOptions options,
        ITreeWriter? tree,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellation)
    {
        _ = blobs;
        _ = packFolder;
        throw new NotImplementedException();
    }

    /// <summary>Reads the layers of an image in the archive once more, to unpack it again when the cache was deleted.</summary>
    /// <param name="manifest">The image's manifest.</param>
    /// <param name="expected">What the tree digest must come out as.</param>
    /// <param name="tree">It is committed or aborted here.</param>
    /// <param name="progress">As in <see cref="Import"/>.</param>
    /// <param name="cancellation">Ends it as a failure does.</param>
    /// <exception cref="DigestMismatchException">The tree is another than expected.</exception>
    public void Unpack(
        Descriptor manifest,
        Digest expected,
        ITreeWriter tree,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellation) => throw new NotImplementedException();
}
