using System.CommandLine;
using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov show</c>: a page about a run, a replay or an image.</summary>
internal sealed class ShowCommand : CliCommand
{
    private readonly Argument<string> _what = new("ID")
    {
        Description = "a run, a replay or an image: the first digits of its id, or an image's name; or a bundle",
    };

    private readonly Option<bool> _json = SharedOptions.Json("print the record: the exact bytes that were signed, whose SHA-256 is the id");

    private readonly Option<bool> _files = new("--files")
    {
        Description = "list every file a run used or made, every path it sought and every program it started, one a line",
    };

    private readonly Option<string> _export = SharedOptions.Single(
        "--export", null, "DIR", "write statement.json, statement.p7s and signer.pem there, and of a record in the log statement.tlog-proof "
            + "and statement.vkey: to be checked by openssl alone");

    private readonly ReportOption _report = new();

    public ShowCommand()
        : base("show", "show what is recorded of a run, a replay, an image, an endorsement or a citation")
    {
        Arguments.Add(_what);
        Options.Add(_json);
        Options.Add(_files);
        Options.Add(_export);
        Options.Add(_report.Option);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov show 7f3a9c", "a page to read"),
        new("prov show 7f3a9c --files | grep ^read", "what the job read, with digests"),
        new("prov show 7f3a9c --export record", "files with which openssl alone verifies: "
            + "openssl cms -verify -cades -binary -inform DER -in statement.p7s -content statement.json -CAfile signer.pem"),
        new("prov show 5b2e01 --report replay.html", "a replay as a page to send to somebody"),
        new("prov show 7f3a9c --json | sha256sum", "the id again: it is the digest of these bytes"),
    ];

    public override int Execute(CommandCall call)
    {
        string what = call.Value(_what)!;
        using var bundle = OpenedBundle.Find(what, call);
        if (bundle is null)
        {
            return Execute(call, what);
        }

        foreach (var root in bundle.Roots)
        {
            Execute(bundle.Call, root.Record.Hex);
        }

        return ExitCodes.Success;
    }

    private int Execute(CommandCall call, string what)
    {
        string? report = _report.Read(call);
        if (call.Workbench.Finder.Find(what) is not { } row)
        {
            ShowImage(call, what);
            return ExitCodes.Success;
        }

        var signed = call.Workbench.Finder.Read(row);
        byte[] statement = signed.Statement.ToArray();
        if (call.Value(_export) is { } folder)
        {
            Export(call.Workbench, row, signed, folder);
            return ExitCodes.Success;
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(statement);
            return ExitCodes.Success;
        }

        if (call.Value(_files))
        {
            ShowFiles(call, row, statement);
            return ExitCodes.Success;
        }

        if (report is not null)
        {
            WriteReport(row, statement, report);
            return ExitCodes.Success;
        }

        Show(call, row, statement);
        return ExitCodes.Success;
    }

    private static void ShowFiles(CommandCall call, RecordRow row, byte[] statement)
    {
        if (row.Kind != RecordKind.Run)
        {
            throw new UsageException("option '--files': only a run has files");
        }

        new RunPage(RecordJson.ParseRun(statement).Predicate, call.Workbench).PrintFiles();
    }

    private static void Export(Workbench workbench, RecordRow row, SignedStatement signed, string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "statement.json"), signed.Statement.Span, Files.SyncFolder);
        AtomicFile.Write(Path.Combine(folder, "statement.p7s"), signed.Signature.Span, Files.SyncFolder);
        string pem = string.Concat(CmsVerifier.CertificatesIn(signed.Signature));
        AtomicFile.Write(Path.Combine(folder, "signer.pem"), Encoding.ASCII.GetBytes(pem), Files.SyncFolder);
        if (row.LogIndex is { } index && LogKeyStore.FindVerifier(workbench.Layout) is { } own)
        {
            var proof = new LogProofs(workbench.Layout, Files.SyncFolder).Make(index);
            // A checkpoint that witnesses cosigned before the log had this key is signed by the one before.
            var key = proof.Checkpoint.Verify(KnownKeys.Load(workbench.Layout)).Log ?? own;
            AtomicFile.Write(Path.Combine(folder, "statement.tlog-proof"), proof.ToBytes(), Files.SyncFolder);
            AtomicFile.Write(Path.Combine(folder, "statement.vkey"), Encoding.UTF8.GetBytes($"{key}\n"), Files.SyncFolder);
        }
    }

    private static void WriteReport(RecordRow row, byte[] statement, string path)
    {
        if (row.Kind != RecordKind.Replay)
        {
            throw new UsageException($"option '--report': '{row.Record.Abbreviated}' is no replay");
        }

        ReportOption.Write(path, new ReplayReport
        {
            Replay = row.Record.Hex,
            Record = RecordJson.ParseReplay(statement).Predicate,
            MissingInputs = [],
        });
    }

    private static void Show(CommandCall call, RecordRow row, byte[] statement)
    {
        switch (row.Kind)
        {
            case RecordKind.Run:
                new RunPage(RecordJson.ParseRun(statement).Predicate, call.Workbench).Print(row);
                break;
            case RecordKind.Replay:
                ShowReplay(call, row, RecordJson.ParseReplay(statement).Predicate);
                break;
            case RecordKind.Citation:
                ShowCitation(call, row, RecordJson.ParseCitation(statement).Predicate);
                break;
            case RecordKind.Endorsement:
                ShowEndorsement(call, row, RecordJson.ParseEndorsement(statement).Predicate);
                break;
            case RecordKind.Rotation:
                ShowRotation(call, row, RecordJson.ParseRotation(statement).Predicate);
                break;
            case RecordKind.Tombstone:
                ShowTombstone(call, row, RecordJson.ParseTombstone(statement).Predicate);
                break;
            case RecordKind.Revocation:
                ShowRevocation(call, row, RecordJson.ParseRevocation(statement).Predicate);
                break;
            default:
                var manifest = RecordJson.ParseImage(statement).Predicate.Manifest.Digest;
                // One image may have several records: by whom, and from where.
                ImagePage.Print(call.Workbench.Images.Resolve(manifest.ToString()) with { Record = row.Record }, call.Workbench);
                break;
        }
    }

    private static void ShowReplay(CommandCall call, RecordRow row, ReplayRecord replay)
    {
        var page = new PageWriter(call.Terminal);
        page.Heading($"replay {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field("of run", replay.Run.Abbreviated);
        page.Field("made by", replay.Purpose == ReplayPurpose.NoiseFloor ? "the author, to see how much results vary" : null);
        page.Field("host", HostPage.Summary(replay.Host));
        ReplayPage.Print(replay, call.Terminal);
        call.Terminal.Heading(ReplayPage.VerdictLine(replay));
    }

    private static void ShowEndorsement(CommandCall call, RecordRow row, EndorsementRecord endorsement)
    {
        var page = new PageWriter(call.Terminal);
        page.Heading($"endorsement {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field($"of {StatementTypes.NameOf(endorsement.Kind)}", endorsement.Record.Digest.Abbreviated);
        page.Field("signed by", call.Workbench.Finder.EndorsementsOf(endorsement.Record.Digest)
            .FirstOrDefault(known => known.Record == row.Record)?.SignerName);
        page.Field("certificate", endorsement.Certificate.ToString());
        page.Field("comment", endorsement.Comment);
    }

    private static void ShowCitation(CommandCall call, RecordRow row, CitationRecord citation)
    {
        var page = new PageWriter(call.Terminal);
        page.Heading($"citation {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field("of run", citation.Run.Digest.Abbreviated);
        page.Field("by paper", $"doi:{citation.Doi}");
        page.Field("title", citation.Title);
        page.Field("signed by", call.Workbench.Finder.CitationsOf(citation.Run.Digest)
            .FirstOrDefault(known => known.Record == row.Record)?.SignerName);
        page.Field("certificate", citation.Certificate.ToString());
        foreach (var figure in citation.Figures)
        {
            page.Field(figure.Label, $"{figure.Path}, sha256 {figure.Digest.Sha256[..12]}");
        }
    }

    private static void ShowRotation(CommandCall call, RecordRow row, RotationRecord rotation)
    {
        var page = new PageWriter(call.Terminal);
        page.Heading($"rotation {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field("old", rotation.Old.Digest.ToString());
        page.Field("new", rotation.New.Digest.ToString());
    }

    private static void ShowTombstone(CommandCall call, RecordRow row, TombstoneRecord tombstone)
    {
        var known = call.Workbench.Finder.TombstonesOf(tombstone.Record.Digest.Hex).FirstOrDefault(known => known.Record == row.Record);
        var page = new PageWriter(call.Terminal);
        page.Heading($"tombstone {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field($"of {StatementTypes.NameOf(tombstone.Kind)}", tombstone.Record.Digest.Abbreviated);
        page.Field("reason", tombstone.Reason);
        page.Field("signed by", known?.SignerName);
        page.Field("certificate", tombstone.Certificate.ToString());
        page.Field("in force", known is not null && Tombstones.InForce([known], call.Workbench.Layout).Count > 0
            ? "yes: this archive's own key signed it"
            : "not in this archive: none of its keys signed it");
    }

    private static void ShowRevocation(CommandCall call, RecordRow row, RevocationRecord revocation)
    {
        var page = new PageWriter(call.Terminal);
        page.Heading($"revocation list {row.Record.Abbreviated}");
        page.Field("id", row.Record.Hex);
        page.Field("list", revocation.List.Digest.ToString());
        page.Field("size", Readable.Bytes(revocation.List.Size));
    }

    /// <summary>Of several images behind one name the page is of all, and the record that of the one that is taken here.</summary>
    private void ShowImage(CommandCall call, string name)
    {
        var images = call.Workbench.Images;
        if (!call.Value(_json) && images.Find(name) is null && images.FindIndex(name) is { } index)
        {
            ImagePage.Print(index, call.Workbench);
            return;
        }

        var image = images.Find(name, new VariantWish(ThisMachine.Platform)) ?? throw new RecordNotFoundException(name);
        if (call.Value(_json) && image.Record is { } record)
        {
            call.Terminal.Raw(call.Workbench.Blobs.Read(record, Workbench.MaxStatementBytes));
        }
        else
        {
            ImagePage.Print(image, call.Workbench);
        }
    }
}
