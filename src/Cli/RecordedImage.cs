using Provenance.Archive.Images;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>What the signed record of an image says.</summary>
internal static class RecordedImage
{
    /// <returns>Null when the image has none, or the name leads to one of another image.</returns>
    public static ImageRecord? Find(NamedImage image, Workbench workbench)
    {
        if (image.Record is not { } record)
        {
            return null;
        }

        var found = RecordJson.ParseImage(workbench.Blobs.Read(record, Workbench.MaxStatementBytes)).Predicate;
        return found.Manifest.Digest == image.Manifest.Digest && found.Tree.Digest == image.Tree ? found : null;
    }

    /// <summary>The packages that a record lists, read as they are enumerated.</summary>
    public static IEnumerable<ImagePackage> Packages(PackageInventory inventory, Workbench workbench)
    {
        if (inventory.Blob is not { } blob)
        {
            yield break;
        }

        using var lines = workbench.Blobs.Open(blob);
        foreach (var package in RecordLines.ReadImagePackages(lines))
        {
            yield return package;
        }
    }
}
