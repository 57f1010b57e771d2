using System.CommandLine;
using Provenance.Archive.Distribution;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image pull</c>.</summary>
internal sealed class ImagePullCommand : CliCommand
{
    private readonly Argument<string> _reference = new("REFERENCE")
    {
        Description = "HOST[:PORT]/NAME[:TAG][@DIGEST], with docker:// before it or not; a name without a host is Docker Hub's",
    };

    private readonly Option<string> _name = SharedOptions.Single(
        "--name", "-n", "NAME", "the image's name in the archive [that of the repository, and the tag]");

    private readonly PlatformOption _platform = new();
    private readonly RegistryAccess _access = new();
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImagePullCommand()
        : base("pull", "fetch an image from a registry and take it in, as import does")
    {
        Arguments.Add(_reference);
        foreach (Option option in (Option[])[_name, _platform.Option, .. _access.Options, _quiet, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Only what the archive does not have is fetched, and every byte is checked against its digest. A pull that was
        interrupted goes on where it was when it is called again. Registries on this machine and those named with http://
        are asked over plain HTTP, all others over TLS. Mirrors of a registry stand in config.toml, table [registry].
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image pull docker.io/library/debian:12 --name debian", "of a public registry"),
        new("prov image pull registry.example.org/lab/tool@sha256:… --platform arm64", "one digest, for another machine"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var reference = RegistryReference.Parse(call.Value(_reference)!);
        using var client = _access.Connect(call);
        var (taken, pulled) = new ImageArrival(call.Workbench).Pull(reference, client, call.Value(_name), _platform.Read(call));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImageSummary.Of(taken), CliJson.Default.ImageSummary));
            return ExitCodes.Success;
        }

        call.Terminal.Line(ImageImportCommand.Line(taken));
        call.Terminal.Note($"fetched {Readable.Count(pulled.FetchedBlobs, "blob", "blobs")} ({Readable.Bytes(pulled.FetchedBytes)}) of {reference}");
        return ExitCodes.Success;
    }
}
