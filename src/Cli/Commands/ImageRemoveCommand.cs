using System.CommandLine;

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
        What was recorded stays: the image's blobs and its record are kept, so that runs made with it can be replayed.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov image remove debian", "forget the name 'debian'")];

    public override int Execute(CommandCall call)
    {
        var images = call.Workbench.Images;
        foreach (string reference in call.Value(_images)!)
        {
            var image = images.Resolve(reference);
            images.Remove(reference);
            if (images.List().All(other => other.Tree != image.Tree))
            {
                call.Workbench.Rootfs.Remove(image.Tree);
            }

            call.Terminal.Note($"removed image '{reference}'");
        }

        return ExitCodes.Success;
    }
}
