using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>Whether machines can run a program of an image; of an index, of the variant that each would take.</summary>
/// <param name="reference">Of an image or an index.</param>
/// <param name="command">The program and its arguments; null for the image's own.</param>
/// <param name="workbench">Has the images.</param>
/// <param name="strict">A warning refuses too.</param>
internal sealed class ImageCheck(string reference, IReadOnlyList<string>? command, Workbench workbench, bool strict)
{
    private readonly Dictionary<string, UnrecordedRun> _known = new(StringComparer.Ordinal);

    /// <summary>Whether the archive has an image, or images, of that name.</summary>
    public static bool Knows(string reference, Workbench workbench) =>
        workbench.Images.Find(reference) is not null || workbench.Images.FindIndex(reference) is not null;

    /// <param name="host">Null for this machine.</param>
    /// <exception cref="ImageException">There is no such image.</exception>
    /// <exception cref="Runtime.RuntimeException">It has no such program.</exception>
    public Assessment Check(HostProfile? host)
    {
        StoredImage? image;
        try
        {
            image = workbench.Images.Find(reference, new VariantWish(() => host is null ? ThisMachine.Platform() : Platform.Of(host.Cpu)));
        }
        catch (ImageException e) when (workbench.Images.FindIndex(reference) is not null)
        {
            return UnrecordedRun.NoVariant(e.Message);
        }

        return RunOf(image ?? throw new ImageException($"image '{reference}': not in the archive")).Check(host, strict);
    }

    private UnrecordedRun RunOf(StoredImage image)
    {
        string tree = image.Tree.ToString();
        if (!_known.TryGetValue(tree, out var run))
        {
            if (command is null && RecordedImage.Find(image, workbench) is { } record && UnrecordedRun.OfRecord(image, record) is { } recorded)
            {
                _known.Add(tree, recorded);
                return recorded;
            }

            using var use = workbench.Rootfs.Use(image.Tree);
            string rootfs = workbench.Rootfs.Find(image.Tree) ?? new ImageArrival(workbench).Unpack(image);
            _known.Add(tree, run = UnrecordedRun.Of(image, rootfs, command, workbench.Layout, workbench.Time));
        }

        return run;
    }
}
