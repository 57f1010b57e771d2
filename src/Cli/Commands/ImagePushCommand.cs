using System.CommandLine;
using Provenance.Archive.Distribution;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image push</c>.</summary>
internal sealed class ImagePushCommand : CliCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "a name, or the beginning of a digest" };
    private readonly Argument<string> _reference = new("REFERENCE")
    {
        Description = "HOST[:PORT]/NAME[:TAG], with docker:// before it or not",
    };

    private readonly RegistryAccess _access = new();
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImagePushCommand()
        : base("push", "send an image to a registry, byte for byte, with its signed record beside it")
    {
        Arguments.Add(_image);
        Arguments.Add(_reference);
        foreach (Option option in (Option[])[.. _access.Options, _quiet, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Digests stay what they are. Of a name that stands for several images all are sent, and the index under the tag. The
        signed record and its signature are a referrer of the image, as 'oras discover' finds them.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image push debian-sci registry.example.org/lab/debian-sci:2026", "for others, and for podman and Apptainer"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var reference = RegistryReference.Parse(call.Value(_reference)!);
        if (reference.Digest is not null)
        {
            throw new UsageException($"reference '{reference}': names a digest, expected a tag: the digest is the image's own");
        }

        string image = call.Value(_image)!;
        using var client = _access.Connect(call);
        var pusher = new ImagePusher(call.Workbench.Blobs, client, call.Workbench.Finder);
        var report = call.Workbench.Terminal.WithProgress($"sending {reference}", show =>
        {
            var progress = new Teller<(long Done, long Total)>(step => show(new ProgressStep(step.Done, step.Total)));
            return call.Workbench.Images.Find(image) is null && call.Workbench.Images.FindIndex(image) is { } index
                ? pusher.Push(index, reference, progress, CancellationToken.None)
                : pusher.Push(call.Workbench.Images.Resolve(image), reference, progress, CancellationToken.None);
        });
        PushSummary.Warn(call, report);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(PushSummary.Of(report), CliJson.Default.PushSummary));
        }
        else
        {
            call.Terminal.Line(PushSummary.Words(report));
        }

        return ExitCodes.Success;
    }
}
