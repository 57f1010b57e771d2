using Provenance.Archive.Images;

namespace Provenance.Cli;

/// <summary>Finds the image that a user means, and sees to it that it is unpacked.</summary>
internal sealed class ImageResolver(Workbench workbench)
{
    private static readonly string[] Transports = ["docker-archive:", "oci:", "oci-archive:", "tar:", "dir:", "docker:"];

    /// <exception cref="ImageException">No image, or more than one, is meant.</exception>
    public (StoredImage Image, string Rootfs) Resolve(string reference, Platform? platform)
    {
        var image = Find(reference, platform) ?? Import(reference, platform);
        // Until this process ends: a tree that a job runs in is not removed under it.
        workbench.InUse = workbench.Rootfs.Use(image.Tree);
        string? rootfs = workbench.Rootfs.Find(image.Tree);
        if (rootfs is not null)
        {
            return (image, rootfs);
        }

        workbench.Terminal.Note($"unpacking image '{reference}'");
        return (image, new ImageArrival(workbench).Unpack(image));
    }

    /// <summary>A name in the archive comes before a file of that name; a file is meant for sure by '/', './' or a transport.</summary>
    private StoredImage? Find(string reference, Platform? platform)
    {
        if (IsSource(reference))
        {
            return null;
        }

        return workbench.Images.Find(reference, new VariantWish(ThisMachine.Platform, platform))
            ?? (Path.Exists(reference) ? null : throw new ImageException($"image '{reference}': not in the archive"));
    }

    private StoredImage Import(string reference, Platform? platform)
    {
        var imported = new ImageArrival(workbench).Import(ImageSource.Parse(reference), null, platform);
        workbench.Terminal.Note($"imported '{reference}' as image '{imported.Name ?? imported.Image.Manifest.Digest.Abbreviated}'");
        return workbench.Images.Resolve(imported.Image.Manifest.Digest.ToString());
    }

    private static bool IsSource(string reference) =>
        reference is ['/' or '.', ..] || Transports.Any(t => reference.StartsWith(t, StringComparison.Ordinal));
}
