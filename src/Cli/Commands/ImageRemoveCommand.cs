using System.CommandLine;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image remove</c>.</summary>
internal sealed class ImageRemoveCommand : CliCommand
{
    private readonly Argument<string[]> _images = new("IMAGE") { Description = "names, or digests of images", Arity = ArgumentArity.OneOrMore };

    public ImageRemoveCommand()
        : base("remove", "take the name of an image away, and its unpacked files")
    {
        Aliases.Add("rm");
        Arguments.Add(_images);
    }

    public override string Remarks => """
        What was recorded stays: the image's record, and its blobs as long as a run was made with it, so that it can be
        replayed. 'prov archive gc' removes the blobs of images that have no name and no run.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov image remove debian", "forget the name 'debian'")];

    public override int Execute(CommandCall call)
    {
        var images = call.Workbench.Images;
        foreach (string reference in call.Value(_images)!)
        {
            var found = images.Find(reference);
            if (found is null && images.FindIndex(reference) is not null)
            {
                images.Remove(reference);
                call.Terminal.Note($"removed index '{reference}'; its images stay under their own names");
                continue;
            }

            var image = found ?? images.Resolve(reference);
            images.Remove(reference);
            if (images.List().All(other => other.Tree != image.Tree))
            {
                Unpacked(call, reference, call.Workbench.Rootfs.Remove(image.Tree));
            }

            call.Terminal.Note($"removed image '{reference}'");
        }

        return ExitCodes.Success;
    }

    private static void Unpacked(CommandCall call, string reference, TreeRemovalOutcome outcome)
    {
        if (outcome == TreeRemovalOutcome.InUse)
        {
            call.Terminal.Note($"a job runs in image '{reference}': its unpacked files stay until 'prov archive gc --cache'");
        }
    }
}
