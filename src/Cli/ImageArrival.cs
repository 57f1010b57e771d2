using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>Takes an image in from beginning to end: import, unpack, sign, name.</summary>
internal sealed class ImageArrival(Workbench workbench)
{
    /// <param name="source">What to read.</param>
    /// <param name="name">Null for the name it comes with, else that of the file.</param>
    /// <param name="platform">Null for the best for this machine.</param>
    public TakenImage Import(ImageSource source, string? name, Platform? platform)
    {
        CheckName(name);
        ArchiveQuota.Check(workbench.Layout, workbench.Time, BytesOf(source));
        workbench.EnsureKey();
        using var lease = WriterLease.TryTake(workbench.Layout);
        var imported = workbench.Terminal.WithProgress($"importing {source}", show => Read(source, platform, show));
        return Keep(Described(imported), name ?? NameOf(imported, source));
    }

    /// <summary>The same for an image whose blobs the archive has. It is not unpacked before somebody runs it.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="name">What it is called here.</param>
    /// <param name="reserve">Told of bytes before they are kept; throws when there is no room.</param>
    public TakenImage Take(ImageSource source, string name, Action<long> reserve)
    {
        CheckName(name);
        workbench.EnsureKey();
        using var lease = WriterLease.TryTake(workbench.Layout);
        var options = OptionsFor(platform: null) with { LayersAreHere = true, Reserve = reserve };
        return Keep(Described(workbench.Importer.Import(source, options, tree: null, progress: null, CancellationToken.None), isUnpacked: false), name);
    }

    /// <summary>The same for an image in a registry.</summary>
    /// <param name="reference">What is asked for.</param>
    /// <param name="client">Asks the registry.</param>
    /// <param name="name">Null for the repository's and the tag.</param>
    /// <param name="platform">Null for the best for this machine.</param>
    public (TakenImage Taken, PulledImage Pulled) Pull(RegistryReference reference, RegistryClient client, string? name, Platform? platform)
    {
        CheckName(name);
        workbench.EnsureKey();
        using var lease = WriterLease.TryTake(workbench.Layout);
        var puller = new ImagePuller(workbench.Blobs, client, workbench.Time);
        var pulled = workbench.Terminal.WithProgress($"fetching {reference}", show =>
        {
            using var tree = workbench.Rootfs.Begin();
            var fetching = new Teller<(long Done, long Total)>(progress => show(new ProgressStep(progress.Done, progress.Total)));
            var importing = new Teller<ImportProgress>(progress => show(new ProgressStep(
                progress.BytesRead, progress.BytesTotal, progress.Phase == ImportPhase.Finishing ? "making it durable" : $"importing {reference}")));
            return puller.Pull(reference, OptionsFor(platform), tree, fetching, importing, CancellationToken.None);
        });
        return (Keep(Described(pulled.Image), name ?? NameOf(reference)), pulled);
    }

    /// <summary>With what its program asks for.</summary>
    /// <param name="imported">Just now.</param>
    /// <param name="isUnpacked">Else nobody looks, even where another import has unpacked it: the record depends on nothing but the image.</param>
    private ImportedImage Described(ImportedImage imported, bool isUnpacked = true)
    {
        using var use = isUnpacked ? workbench.Rootfs.Use(imported.Tree) : null;
        var config = ImageConfig.Parse(workbench.Blobs.Read(imported.Config.Digest, ImportLimits.Default.MaxJsonBytes));
        string? rootfs = isUnpacked ? workbench.Rootfs.Find(imported.Tree) : null;
        return imported with
        {
            Record = ImageRequirements.Describe(imported.Record, config, rootfs, workbench.Layout, workbench.Time, CancellationToken.None),
        };
    }

    private TakenImage Keep(ImportedImage imported, string? name)
    {
        var record = workbench.Keep(ImageStatement.Of(imported));
        workbench.Images.Set(name, imported, record);
        return new TakenImage(imported, name, record);
    }

    private static void CheckName(string? name)
    {
        if (name is not null && !ImageNames.IsName(name))
        {
            throw new UsageException($"'{name}' is no name for an image: letters, digits and ._-/: are, beginning with a letter or digit");
        }
    }

    /// <summary>What it is called there, without the registry; an image that only its digest names has none.</summary>
    private static string? NameOf(RegistryReference reference)
    {
        const string Library = "library/";
        string repository = reference.Host.Name == RegistryHost.DockerHub && reference.Repository.StartsWith(Library, StringComparison.Ordinal)
            ? reference.Repository[Library.Length..]
            : reference.Repository;
        string name = $"{repository}:{reference.Tag}";
        return reference.Tag is not null && ImageNames.IsName(name) ? name : null;
    }

    private static ImportOptions OptionsFor(Platform? platform) =>
        new() { Recorder = Workbench.Recorder, Importer = CallingUser.Current(), Host = ThisMachine.Platform(), Platform = platform };

    /// <summary>What it will take at least: its layers are kept as they come.</summary>
    private static long BytesOf(ImageSource source) => File.Exists(source.Path) ? new FileInfo(source.Path).Length : 0;

    /// <summary>Unpacks an image of the archive whose cache was deleted.</summary>
    public string Unpack(StoredImage image) => workbench.Terminal.WithProgress(
        $"unpacking {image.Name ?? image.Manifest.Digest.Abbreviated}",
        show => workbench.Rootfs.Ensure(image, workbench.Importer, Tell(show), CancellationToken.None));

    private ImportedImage Read(ImageSource source, Platform? platform, Action<ProgressStep> show)
    {
        using var tree = workbench.Rootfs.Begin();
        return workbench.Importer.Import(
            source,
            OptionsFor(platform),
            tree,
            Tell(show),
            CancellationToken.None);
    }

    /// <summary>The name the source gives it, when it gives one; else the file's, without what says how it is packed.</summary>
    private static string? NameOf(ImportedImage image, ImageSource source)
    {
        if (image.SourceNames is [var name, ..] && ImageNames.IsName(name))
        {
            return name;
        }

        string file = Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Path));
        int tar = file.IndexOf(".tar", StringComparison.Ordinal);
        string stem = tar > 0 ? file[..tar] : Path.GetFileNameWithoutExtension(file);
        return ImageNames.IsName(stem) ? stem : null;
    }

    private static Teller<ImportProgress> Tell(Action<ProgressStep> show) => new(progress => show(new ProgressStep(
        progress.BytesRead,
        progress.BytesTotal,
        progress.Phase == ImportPhase.Finishing ? "making it durable" : null)));
}
