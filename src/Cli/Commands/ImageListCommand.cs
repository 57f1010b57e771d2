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

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image list", "names, digests and sizes"),
        new("prov image list --json | jq -r '.[].tree'", "the tree digests: the same files have the same one, however they were packed"),
    ];

    public override int Execute(CommandCall call)
    {
        var images = call.Workbench.Images.List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(images.Select(ImageSummary.Of).ToArray(), CliJson.Default.ImageSummaryArray));
            return ExitCodes.Success;
        }

        if (call.Value(_names))
        {
            foreach (var image in images)
            {
                call.Terminal.Line(image.Name ?? image.Manifest.Digest.Hex);
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

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
