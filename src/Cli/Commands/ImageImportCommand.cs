using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image import</c>.</summary>
internal sealed class ImageImportCommand : CliCommand
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "docker-archive:FILE[:TAG], oci:DIR[:TAG], oci-archive:FILE[:TAG], tar:FILE, dir:DIR, a path whose kind is recognised, "
            + "or - for standard input",
    };

    private readonly Option<string> _name = SharedOptions.Single(
        "--name", "-n", "NAME", "the image's name in the archive [the name it comes with, else that of the file]");

    private readonly PlatformOption _platform = new();
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImageImportCommand()
        : base("import", "take an image into the archive: checked, unpacked, and with a signed record")
    {
        Arguments.Add(_source);
        Options.Add(_name);
        Options.Add(_platform.Option);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        Every byte is kept as it came, so the image stays what its publisher signed. gzip, zstd, xz, bzip2 and plain
        archives are recognised by their content.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image import debian.tar.xz", "a root file system, as debootstrap, mmdebstrap or docker export make it"),
        new("docker save analysis:1.2 | prov image import - --name analysis:1.2", "an image out of docker or podman"),
        new("prov image import oci:layout:latest --name tool", "one of an OCI layout, as skopeo, umoci or buildah make it"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet);
        var source = ImageSource.Parse(call.Value(_source)!);
        var taken = new ImageArrival(call.Workbench).Import(source, call.Value(_name), _platform.Read(call));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImageSummary.Of(taken), CliJson.Default.ImageSummary));
            return ExitCodes.Success;
        }

        call.Terminal.Line(Line(taken));
        return ExitCodes.Success;
    }

    /// <summary>What was taken in, in one line.</summary>
    public static string Line(TakenImage taken)
    {
        var record = taken.Image.Record;
        return $"{taken.Name ?? "image without a name"}: manifest {taken.Image.Manifest.Digest.Abbreviated}, "
            + $"tree {taken.Image.Tree.Abbreviated}, {taken.Image.Platform}, "
            + $"{Readable.Count(record.Layers.Count, "layer", "layers")}, {record.Entries} files, {Readable.Bytes(record.UnpackedBytes)}";
    }
}
