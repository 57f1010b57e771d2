using System.CommandLine;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image list</c>.</summary>
internal sealed class ImageListCommand : CliCommand
{
    private readonly Option<bool> _names = SharedOptions.Quiet("print names only, one a line");
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImageListCommand()
        : base("list", "list the images of the archive")
    {
        Aliases.Add("ls");
        Options.Add(_names);
        Options.Add(_json);
    }

    public override bool NeedsOpenSsl => false;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image list", "names, digests and sizes"),
        new("prov image list --json | jq -r '.[].tree'", "the tree digests: the same files have the same one, however they were packed"),
    ];

    public override int Execute(CommandCall call)
    {
        var images = call.Workbench.Images.List();
        var indexes = call.Workbench.Images.ListIndexes();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(images.Select(ImageSummary.Of).Concat(indexes.Select(ImageSummary.Of)).ToArray(), CliJson.Default.ImageSummaryArray));
            return ExitCodes.Success;
        }

        if (call.Value(_names))
        {
            foreach (string name in images.Select(image => image.Name ?? image.Manifest.Digest.Hex).Concat(indexes.Select(index => index.Name)))
            {
                call.Terminal.Line(name);
            }

            return ExitCodes.Success;
        }

        var table = new TextTable("NAME", "MANIFEST", "TREE", "PLATFORM");
        foreach (var image in images)
        {
            table.Add(
                image.Name ?? "-",
                image.Manifest.Digest.Abbreviated,
                image.Tree.Abbreviated,
                image.Platform.ToString());
        }

        foreach (var index in indexes)
        {
            table.Add(index.Name, index.Index.Digest.Abbreviated, "-", $"{PlatformText.Of(index)} (index)");
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
