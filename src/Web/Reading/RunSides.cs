using Provenance.Archive.Content;
using Provenance.Archive.Differences;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;

namespace Provenance.Web.Reading;

/// <summary>Reads the long lists of runs and images that pages compare and show.</summary>
internal static class RunSides
{
    public static RunSide Of(RunRecord run, BlobStore blobs) => new()
    {
        Record = run,
        Used = Lines(run.Used.Blob, blobs, RecordLines.ReadUsed),
        Generated = Lines(run.Generated.Blob, blobs, RecordLines.ReadGenerated),
        Packages = null,
    };

    /// <summary>
    /// As the record lists them. Where it does not, of an image that is unpacked here; empty for any other, for nothing is unpacked on a reader's behalf.
    /// </summary>
    public static IReadOnlyList<InstalledPackage> PackagesOf(ImageRecord image, BlobStore blobs)
    {
        if (image.Packages is { } listed)
        {
            return ImagePackages.OfList(Lines(listed.Blob, blobs, RecordLines.ReadImagePackages));
        }

        string root = blobs.Layout.RootfsPath(image.Tree.Digest);
        return Directory.Exists(root)
            ? ImagePackages.Read(Lines(image.Tree, blobs, RecordLines.ReadTree), entry => Open(root, entry))
            : [];
    }

    /// <summary>The manifest names real files: no link is followed, for the digest would not agree.</summary>
    private static VerifyingStream Open(string root, TreeEntry entry) => new(File.OpenRead(Path.Combine(root, entry.Path)), new Descriptor
    {
        MediaType = MediaTypes.OctetStream,
        Digest = Digest.Parse($"sha256:{entry.Sha256}"),
        Size = entry.Size!.Value,
    });

    private static IEnumerable<T> Lines<T>(Descriptor? list, BlobStore blobs, Func<Stream, IEnumerable<T>> read)
    {
        if (list is null)
        {
            yield break;
        }

        using var lines = blobs.Open(list);
        foreach (var line in read(lines))
        {
            yield return line;
        }
    }
}
