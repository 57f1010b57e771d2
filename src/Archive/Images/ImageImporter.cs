using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Images.Tree;
using Provenance.Archive.Records;

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
        try
        {
            var reporter = new ProgressReporter(progress);
            using var opened = new SourceReader(source, options, blobs.Layout, packFolder, reporter.Advance, cancellation);
            using var intake = new ImageIntake(blobs, source, options, tree, reporter, cancellation);
            var imported = WithOrigin(intake.Import(opened.Read()), source);
            tree?.Commit(imported.Tree);
            return imported;
        }
        catch
        {
            tree?.Abort();
            throw;
        }
    }

    /// <summary>Takes in an image whose documents were read. On failure nothing is left in the archive; the tree is the caller's to abort.</summary>
    /// <inheritdoc cref="Import"/>
    internal ImportedImage ImportRead(
        PackedImage image,
        ImageSource source,
        ImportOptions options,
        ITreeWriter? tree,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellation)
    {
        using var intake = new ImageIntake(blobs, source, options, tree, new ProgressReporter(progress), cancellation);
        var imported = WithOrigin(intake.Import(image), source);
        tree?.Commit(imported.Tree);
        return imported;
    }

    /// <summary>Takes in files that are an image only from here on: one layer, of which nothing else is known.</summary>
    /// <param name="tar">Ends with its end mark. It is read once, to its end, and is the caller's.</param>
    /// <param name="packing">How the record calls where it comes from.</param>
    /// <param name="options">Platform and limits.</param>
    /// <param name="owners">The host's packages that the files are of.</param>
    /// <param name="cancellation">Ends the import as a failure does.</param>
    /// <exception cref="HostileImageException">It breaks a rule or a limit.</exception>
    public ImportedImage ImportLayer(
        Stream tar, string packing, ImportOptions options, IReadOnlyList<OwningPackage> owners, CancellationToken cancellation)
    {
        var source = new ImageSource { Packing = ImagePacking.RootfsTar, Path = packing };
        using var intake = new ImageIntake(blobs, source, options, null, new ProgressReporter(null), cancellation, owners);
        return intake.Import(new PackedImage
        {
            Packing = packing,
            Layers = [new PackedLayer { Open = () => tar, MustEnd = true }],
        });
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
        CancellationToken cancellation)
    {
        try
        {
            var actual = ReadAgain(manifest, tree, new ProgressReporter(progress), cancellation);
            if (actual != expected)
            {
                throw new DigestMismatchException(actual, expected);
            }

            tree.Commit(expected);
        }
        catch
        {
            tree.Abort();
            throw;
        }
    }

    private static ImportedImage WithOrigin(ImportedImage imported, ImageSource source) => imported with
    {
        Record = imported.Record with { Source = ImageOrigin.Of(source, imported.Record.Packing, imported.SourceNames) },
    };

    private Digest ReadAgain(Descriptor manifest, ITreeWriter tree, ProgressReporter progress, CancellationToken cancellation)
    {
        var limits = ImportLimits.Default with { MaxUnpackedBytes = long.MaxValue >> 1, FreeExpansionBytes = long.MaxValue >> 1 };
        var layers = StoredManifest.Read(blobs, manifest).Layers;
        var reader = new LayerReader(tree, limits);
        var intake = new LayerIntake(reader, limits, progress, cancellation);
        progress.Entries = () => reader.Entries;
        progress.Begin(ImportPhase.Layers, layers.Sum(layer => layer.Size));
        foreach (var layer in layers)
        {
            intake.Read(new PackedLayer { Open = () => blobs.Open(layer), Size = layer.Size }, null, mustKeepPacked: true);
        }

        // The manifest is made only to be hashed: the blob that is there was made when the image was imported.
        using var hashed = new DigestStream();
        TreeManifest.Write(reader.Tree, hashed);
        return hashed.Finish();
    }
}
