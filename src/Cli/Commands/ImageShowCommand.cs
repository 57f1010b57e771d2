using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image show</c>.</summary>
internal sealed class ImageShowCommand : CliCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "a name, or the beginning of a digest" };
    private readonly Option<bool> _json = SharedOptions.Json("print the image's record: the exact bytes that were signed; of an index a list of its images");

    public ImageShowCommand()
        : base("show", "show what an image is, holds and was made from")
    {
        Arguments.Add(_image);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image show debian", "a page to read"),
        new("prov image show debian --json | jq .predicate.layers", "its layers, out of the signed record"),
    ];

    public override int Execute(CommandCall call)
    {
        string reference = call.Value(_image)!;
        if (call.Workbench.Images.Find(reference) is null && call.Workbench.Images.FindIndex(reference) is { } index)
        {
            return Show(call, index);
        }

        var image = call.Workbench.Images.Resolve(reference);
        if (!call.Value(_json))
        {
            ImagePage.Print(image, call.Workbench);
            return ExitCodes.Success;
        }

        var record = image.Record ?? throw new UsageException($"image '{call.Value(_image)}' has no record");
        call.Terminal.Raw(call.Workbench.Blobs.Read(record, Workbench.MaxStatementBytes));
        return ExitCodes.Success;
    }

    private int Show(CommandCall call, NamedIndex index)
    {
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImageSummary.Of(index), CliJson.Default.ImageSummary));
        }
        else
        {
            ImagePage.Print(index, call.Workbench);
        }

        return ExitCodes.Success;
    }
}
