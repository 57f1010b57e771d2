using Provenance.Archive.Images;
using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>An image: its names, how it is run, what it is made of.</summary>
internal static class ImagePage
{
    private const int PathsShown = 10;

    public static void Print(StoredImage image, Workbench workbench)
    {
        var page = new PageWriter(workbench.Terminal);
        page.Heading($"image {image.Name ?? image.Manifest.Digest.Abbreviated}");
        page.Field("manifest", image.Manifest.Digest.ToString());
        page.Field("tree", image.Tree.ToString());
        page.Field("record", image.Record?.ToString() ?? "none");
        page.Field("platform", image.Platform.ToString());
        page.Field("unpacked", workbench.Rootfs.Find(image.Tree) ?? "no; it will be at its first use");
        PrintConfig(image.Config, page);
        if (image.Record is { } record)
        {
            PrintRecord(RecordJson.ParseImage(workbench.Blobs.Read(record, Workbench.MaxStatementBytes)).Predicate, page);
        }
    }

    public static void Print(NamedIndex index, Workbench workbench)
    {
        var page = new PageWriter(workbench.Terminal);
        page.Heading($"index {index.Name}");
        page.Field("index", index.Index.Digest.ToString());
        var host = ThisMachine.Platform();
        var here = index.Best(host);
        page.Part("images");
        foreach (var variant in index.Variants)
        {
            string chosen = variant == here ? $", taken on this machine ({host})" : "";
            page.Field(variant.Platform.ToString(), $"manifest {variant.Manifest.Digest.Abbreviated}, tree {variant.Tree.Abbreviated}{chosen}");
        }
    }

    private static void PrintConfig(ImageConfig config, PageWriter page)
    {
        page.Part("runs");
        page.Field("entry point", Readable.Command(config.Entrypoint));
        page.Field("command", Readable.Command(config.Cmd));
        page.Field("folder", config.WorkingDir);
        page.Field("user", config.User);
        foreach (string variable in config.Env)
        {
            page.Field("variable", variable);
        }

        foreach (var label in config.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            page.Field("label", $"{label.Key}={label.Value}");
        }
    }

    private static void PrintRecord(ImageRecord record, PageWriter page)
    {
        page.Heading("holds");
        page.Field("files", $"{record.Entries}, {Readable.Bytes(record.UnpackedBytes)}");
        page.Field("packed as", record.Packing);
        page.Field("came from", Origin(record.Source));
        page.Field("taken in by", $"{Importer(record.Importer)}{record.Recorder.Name} {record.Recorder.Version}");
        page.Field("packages", record.Packages is { } packages ? PackagesPage.Summary(packages) : null);
        page.Field("asks for", record switch
        {
            { Requirements: { } requirements } => $"{record.Program}: {RequirementsPage.Level(requirements)}",
            { NoRequirements: { } reason } => $"not known: {reason}",
            _ => null,
        });
        foreach (var layer in record.Layers)
        {
            page.Field("layer", $"{layer.Blob.Digest.Abbreviated} {Readable.Bytes(layer.Blob.Size)} {layer.Blob.MediaType}");
        }

        page.Items(record.SetIdFiles, record.SetIdFiles.Count, PathsShown, path => $"set-uid or set-gid, without effect here: {path}");
        page.Items(record.DeviceNodes, record.DeviceNodes.Count, PathsShown, path => $"device node, not made: {path}");
    }

    private static string? Origin(ImageOrigin? source) => source is null
        ? null
        : $"{source.Reference}{(source.Digest is { } digest ? $" as {digest}" : "")}"
            + (source.Names.Count > 0 ? $", there called {string.Join(", ", source.Names)}" : "");

    private static string Importer(ImportUser? user) => user is null ? "" : $"{user.Name} ({user.Uid}:{user.Gid}) with ";
}
