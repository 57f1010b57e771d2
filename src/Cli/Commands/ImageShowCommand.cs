using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Analysis;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image show</c>.</summary>
internal sealed class ImageShowCommand : CliCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "a name, or the beginning of a digest" };
    private readonly Option<bool> _json = SharedOptions.Json(
        "print the image's record: the exact bytes that were signed; or of an index its images, or the requirements");
    private readonly Option<bool> _requirements = new("--requirements")
    {
        Description = "find out what its entry point and the libraries of that ask of a processor",
    };

    private readonly Option<string> _program = SharedOptions.Single(
        "--program", null, "PATH", "with --requirements: of this program of the image instead");

    public ImageShowCommand()
        : base("show", "show what an image is, holds and was made from")
    {
        Arguments.Add(_image);
        Options.Add(_json);
        Options.Add(_requirements);
        Options.Add(_program);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image show debian", "a page to read"),
        new("prov image show debian --json | jq .predicate.layers", "its layers, out of the signed record"),
        new("prov image show debian --requirements --program python3", "which processors its python3 runs on"),
    ];

    public override int Execute(CommandCall call)
    {
        if (call.Value(_requirements))
        {
            return ShowRequirements(call);
        }

        if (call.Value(_program) is not null)
        {
            throw new UsageException("--program is for --requirements");
        }

        string reference = call.Value(_image)!;
        var images = call.Workbench.Images;
        var found = images.Find(reference);
        if (found is null && images.FindIndex(reference) is { } index)
        {
            return Show(call, index);
        }

        var image = found ?? images.Resolve(reference);
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

    private int ShowRequirements(CommandCall call)
    {
        var workbench = call.Workbench;
        var image = workbench.Images.Resolve(call.Value(_image)!);
        workbench.InUse = workbench.Rootfs.Use(image.Tree);
        string rootfs = workbench.Rootfs.Find(image.Tree) ?? new ImageArrival(workbench).Unpack(image);
        var (program, requirements) = ImageRequirements.Find(
            image, rootfs, call.Value(_program), workbench.Layout, workbench.Time, CancellationToken.None);
        if (call.Value(_json))
        {
            call.Terminal.Raw(RequirementsJson.Serialize(requirements));
        }
        else
        {
            RequirementsPage.Print($"requirements of {program} in {image.Name ?? image.Manifest.Digest.Abbreviated}", requirements, call.Terminal);
        }

        return ExitCodes.Success;
    }
}
