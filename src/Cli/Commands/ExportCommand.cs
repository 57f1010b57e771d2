using System.CommandLine;
using Provenance.Archive.Exchange;
using Provenance.Cli.Options;

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
        "--output", "-o", "FILE", "the file to write, - for standard output [the first ID, .prov.tar; of a document standard output]");

    private readonly Option<string> _format = SharedOptions.Single(
        "--format", null, "FORMAT", $"a document in place of a bundle: {string.Join(", ", DocumentExport.Formats)} [{DocumentExport.Bundle}]");

    private readonly Option<string> _url = SharedOptions.Single(
        "--url", null, "URL", "where 'prov serve' shows this archive: datacite, cff and bibtex give addresses there");

    private readonly BundleContents _contents = new();
    private readonly Option<bool> _bag = new("--bagit") { Description = "write it as a BagIt bag (RFC 8493), as libraries and repositories take them" };
    private readonly Option<string> _compress = SharedOptions.Single(
        "--compress", null, $"{None}|{Zstd}", $"compress it [{Zstd} when FILE ends in .zst, else {None}]");

    private readonly Option<bool> _quiet = SharedOptions.Quiet();

    public ExportCommand()
        : base("export", "write records, with everything they need, into one file for somebody else")
    {
        Arguments.Add(_ids);
        foreach (Option option in (Option[])[_output, _format, _url, .. _contents.Options, _bag, _compress, _quiet])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        The file is a tar that explains itself: records and signatures, the image as an OCI layout, inputs and outputs that
        were kept, RO-Crate and W3C PROV descriptions, and a README and script by which anybody with openssl verifies it.
        The same records give the same file, byte for byte.

        With '--format' one document is written instead, in the words of others. All but in-toto, which is the record itself, are derived
        from records, and what the record's signer signed is the record alone. The envelopes (dsse, dsse-slsa) are signed when they are
        made, with this archive's key: they say that whoever exports vouches, for verifiers such as cosign that know no CMS.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov export 7f3a9c", "7f3a9c1b2d3e.prov.tar: all that is needed to repeat the run"),
        new("prov export 7f3a9c --chain --replays -o paper.prov.tar.zst", "a whole pipeline, and who repeated it"),
        new("prov export 7f3a9c --no-image -o - | ssh archive prov import -", "a thin one, to an archive that has the image"),
        new("prov export 7f3a9c --format ro-crate", "the run as a research object, to be looked at"),
        new("prov export 7f3a9c --format dsse-slsa -o run.dsse.json", "SLSA provenance in a signed envelope"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet);
        string format = ReadFormat(call);
        var packing = new BundlePacking { Bag = call.Value(_bag) || format == DocumentExport.Bag, Zstd = IsCompressed(call) };
        call.Workbench.KeepRevocationLists();
        string[] ids = call.Value(_ids) ?? [];
        var bundle = _contents.Plan(ids, call);
        if (format is not (DocumentExport.Bundle or DocumentExport.Bag))
        {
            var roots = ids.Select(id => NamedRecord.Get(call.Workbench, id)).ToList();
            WriteDocument(call, new DocumentExport(call.Workbench, ReadUrl(call)).Make(format, roots, bundle), call.Value(_output) ?? StandardOutput);
            return ExitCodes.Success;
        }

        string file = call.Value(_output) ?? $"{bundle.Stem}.prov.tar{(packing.Zstd ? ".zst" : "")}";
        Write(call, bundle, packing, file);
        Tell(call, bundle, file);
        return ExitCodes.Success;
    }

    private string ReadFormat(CommandCall call)
    {
        string format = call.Value(_format) ?? DocumentExport.Bundle;
        if (!DocumentExport.Formats.Contains(format))
        {
            throw new UsageException($"option '{_format.Name}': '{format}' is none of {string.Join(", ", DocumentExport.Formats)}");
        }

        if (format is not (DocumentExport.Bundle or DocumentExport.Bag) && (call.Value(_bag) || call.Value(_compress) is not null))
        {
            throw new UsageException($"option '{_format.Name}': '{_bag.Name}' and '{_compress.Name}' go with a bundle, not with a document");
        }

        return format;
    }

    private string? ReadUrl(CommandCall call) => call.Value(_url) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0
            ? text.TrimEnd('/')
            : throw new UsageException($"option '{_url.Name}': '{text}' is no address of a website");

    private static void WriteDocument(CommandCall call, byte[] document, string file)
    {
        OutputFile.Write(file, call.Terminal, output => output.Write(document));
        if (!OutputFile.IsStandardOutput(file))
        {
            call.Terminal.Note($"wrote {file}, {Readable.Bytes(document.Length)}");
        }
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
        if (OutputFile.IsStandardOutput(file) && call.Terminal.OutputIsTerminal)
        {
            throw new UsageException($"option '{_output.Name}': a bundle is nothing to look at; send standard output somewhere");
        }

        var exporter = new BundleExporter(call.Workbench.Blobs);
        call.Terminal.WithProgress($"writing {file}", show =>
        {
            var progress = new Teller<long>(done => show(new ProgressStep(Math.Min(done, bundle.Manifest.BlobBytes), bundle.Manifest.BlobBytes)));
            OutputFile.Write(file, call.Terminal, output => exporter.Write(bundle, packing, output, progress, CancellationToken.None));
            return 0;
        });
    }

    private static void Tell(CommandCall call, Bundle bundle, string file)
    {
        string size = OutputFile.SizeOf(file) is { } bytes ? $", {Readable.Bytes(bytes)}" : "";
        call.Terminal.Note($"wrote {file}: {Readable.Count(bundle.Manifest.Records.Count, "record", "records")}, "
            + $"{Readable.Count(bundle.Manifest.BlobCount, "blob", "blobs")}{size}");
        if (bundle.SealsLeftOut > 0)
        {
            call.Terminal.Warning($"without {Readable.Count(bundle.SealsLeftOut, "seal", "seals")}, damaged or more than a bundle takes: "
                + "the time of some records is proved by fewer seals than here");
        }

        if (bundle.Manifest.Absent.Count > 0)
        {
            call.Terminal.Note($"without {Readable.Count(bundle.Manifest.Absent.Count, "blob", "blobs")} that the records name "
                + $"({Readable.Bytes(bundle.Manifest.Absent.Sum(blob => blob.Size))})");
        }
    }
}
