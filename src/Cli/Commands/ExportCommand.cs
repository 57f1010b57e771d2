using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov export</c>.</summary>
internal sealed class ExportCommand : CliCommand
{
    private const string StandardOutput = "-";
    private const string Zstd = "zstd";
    private const string None = "none";

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "runs, replays or images: the first digits of their ids, or images' names",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = SharedOptions.Single(
        "--output", "-o", "FILE", "the file to write, - for standard output [the first ID, .prov.tar]");

    private readonly BundleContents _contents = new();
    private readonly Option<bool> _bag = new("--bagit") { Description = "write it as a BagIt bag (RFC 8493), as libraries and repositories take them" };
    private readonly Option<string> _compress = SharedOptions.Single(
        "--compress", null, $"{None}|{Zstd}", $"compress it [{Zstd} when FILE ends in .zst, else {None}]");

    private readonly Option<bool> _quiet = SharedOptions.Quiet();

    public ExportCommand()
        : base("export", "write records, with everything they need, into one file for somebody else")
    {
        Arguments.Add(_ids);
        foreach (Option option in (Option[])[_output, .. _contents.Options, _bag, _compress, _quiet])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        The file is a tar that explains itself: records and signatures, the image as an OCI layout, inputs and outputs that
        were kept, RO-Crate and W3C PROV descriptions, and a README and script by which anybody with openssl verifies it.
        The same records give the same file, byte for byte.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov export 7f3a9c", "7f3a9c1b2d3e.prov.tar: all that is needed to repeat the run"),
        new("prov export 7f3a9c --chain --replays -o paper.prov.tar.zst", "a whole pipeline, and who repeated it"),
        new("prov export 7f3a9c --no-image -o - | ssh archive prov import -", "a thin one, to an archive that has the image"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet);
        var packing = new BundlePacking { Bag = call.Value(_bag), Zstd = IsCompressed(call) };
        call.Workbench.KeepRevocationLists();
        var bundle = _contents.Plan(call.Value(_ids) ?? [], call);
        string file = call.Value(_output) ?? $"{bundle.Stem}.prov.tar{(packing.Zstd ? ".zst" : "")}";
        Write(call, bundle, packing, file);
        Tell(call, bundle, file);
        return ExitCodes.Success;
    }

    private bool IsCompressed(CommandCall call) => call.Value(_compress) switch
    {
        null => call.Value(_output)?.EndsWith(".zst", StringComparison.Ordinal) ?? false,
        Zstd => true,
        None => false,
        var other => throw new UsageException($"option '{_compress.Name}': '{other}' is none of {None}, {Zstd}"),
    };

    private void Write(CommandCall call, Bundle bundle, BundlePacking packing, string file)
    {
        if (file == StandardOutput && call.Terminal.OutputIsTerminal)
        {
            throw new UsageException($"option '{_output.Name}': a bundle is nothing to look at; send standard output somewhere");
        }

        var exporter = new BundleExporter(call.Workbench.Blobs);
        call.Terminal.WithProgress($"writing {file}", show =>
        {
            var progress = new Teller<long>(done => show(new ProgressStep(Math.Min(done, bundle.Manifest.BlobBytes), bundle.Manifest.BlobBytes)));
            if (file == StandardOutput)
            {
                exporter.Write(bundle, packing, call.Terminal.RawOutput(), progress, CancellationToken.None);
            }
            else
            {
                AtomicFile.Write(
                    Path.GetFullPath(file), output => exporter.Write(bundle, packing, output, progress, CancellationToken.None), Files.SyncFolder);
            }

            return 0;
        });
    }

    private static void Tell(CommandCall call, Bundle bundle, string file)
    {
        string size = file == StandardOutput ? "" : $", {Readable.Bytes(new FileInfo(file).Length)}";
        call.Terminal.Note($"wrote {file}: {Readable.Count(bundle.Manifest.Records.Count, "record", "records")}, "
            + $"{Readable.Count(bundle.Manifest.BlobCount, "blob", "blobs")}{size}");
        if (bundle.Manifest.Absent.Count > 0)
        {
            call.Terminal.Note($"without {Readable.Count(bundle.Manifest.Absent.Count, "blob", "blobs")} that the records name "
                + $"({Readable.Bytes(bundle.Manifest.Absent.Sum(blob => blob.Size))})");
        }
    }
}
