using System.CommandLine;
using Provenance.Cli.Options;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image remove</c>.</summary>
internal sealed class ImageRemoveCommand : CliCommand
{
    private readonly Argument<string[]> _images = new("IMAGE") { Description = "names, or digests of images", Arity = ArgumentArity.OneOrMore };

    private readonly Option<bool> _json = SharedOptions.Json();

    public ImageRemoveCommand()
        : base("remove", "take the name of an image away, and its unpacked files")
    {
        Aliases.Add("rm");
        Arguments.Add(_images);
        Options.Add(_json);
    }

    public override string Remarks => """
        What was recorded stays: the image's record, and its blobs as long as a run was made with it, so that it can be
        replayed. 'prov archive gc' removes the blobs of images that have no name and no run.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov image remove debian", "forget the name 'debian'")];

    public override int Execute(CommandCall call)
    {
        var removed = new List<RemovedImage>();
        foreach (string reference in call.Value(_images)!)
        {
            removed.Add(Remove(call, reference));
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(removed.ToArray(), CliJson.Default.RemovedImageArray));
        }

        return ExitCodes.Success;
    }

    private static RemovedImage Remove(CommandCall call, string reference)
    {
        var images = call.Workbench.Images;
        var found = images.Find(reference);
        if (found is null && images.FindIndex(reference) is { } index)
        {
            images.Remove(reference);
            call.Terminal.Note($"removed index '{reference}'; its images stay under their own names");
            return new RemovedImage(reference, index.Index.Digest, IsIndex: true);
        }

        var image = found ?? images.Resolve(reference);
        images.Remove(reference);
        if (images.List().All(other => other.Tree != image.Tree))
        {
            Unpacked(call, reference, call.Workbench.Rootfs.Remove(image.Tree));
        }

        call.Terminal.Note($"removed image '{reference}'");
        return new RemovedImage(reference, image.Manifest.Digest, IsIndex: false);
    }

    private static void Unpacked(CommandCall call, string reference, TreeRemovalOutcome outcome)
    {
        if (outcome == TreeRemovalOutcome.InUse)
        {
            call.Terminal.Note($"a job runs in image '{reference}': its unpacked files stay until 'prov archive gc --cache'");
        }
    }
}
