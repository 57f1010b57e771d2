using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Archive.Content;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image index create</c>.</summary>
internal sealed class ImageIndexCreateCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "the name that is to stand for all of them" };
    private readonly Argument<string[]> _images = new("[PLATFORM=]IMAGE")
    {
        Description = "an image of the archive, and what it is for: v2, v3, amd64/v3, arm64",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImageIndexCreateCommand()
        : base("create", "put images for several machines behind one name")
    {
        Arguments.Add(_name);
        Arguments.Add(_images);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        Wherever NAME is run, the best that the machine's processor can run is taken, whatever its place in the index; '--platform'
        takes another. The run's record says which it was and why, and a replay takes the same. The index is an OCI image index:
        other tools see one image for several platforms.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image index create gromacs v2=gromacs-sse4 v3=gromacs-avx2 v4=gromacs-avx512", "one name for three builds"),
        new("prov image index create tool amd64=tool-amd64 arm64=tool-arm64", "one name for two architectures"),
    ];

    public override int Execute(CommandCall call)
    {
        var images = call.Workbench.Images;
        using var lease = WriterLease.TryTake(call.Workbench.Layout);
        StoredImage[] variants = [.. call.Value(_images)!.Select(word => Read(word, images))];
        var index = images.SetIndex(call.Value(_name)!, variants);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImageSummary.Of(index), CliJson.Default.ImageSummary));
        }
        else if (!call.Value(_quiet))
        {
            call.Terminal.Line($"{index.Name}: index {index.Index.Digest.Abbreviated}, {PlatformText.Of(index)}");
        }

        return ExitCodes.Success;
    }

    private static StoredImage Read(string word, ImageNames images)
    {
        // No image's name has a '='.
        if (word.Split('=', 2) is not [var platform, var reference])
        {
            return images.Resolve(word);
        }

        var image = images.Resolve(reference);
        return image with { Platform = Declare(platform, image) };
    }

    private static Platform Declare(string text, StoredImage image)
    {
        var declared = text is ['v', >= '0' and <= '9', ..]
            ? image.Platform with { Variant = text }
            : PlatformOption.Parse(text, $"'{text}={image.Name}': '{text}'");
        if (declared.Architecture != image.Platform.Architecture)
        {
            throw new UsageException($"'{text}={image.Name}': the image is for '{image.Platform}'");
        }

        return declared;
    }
}
