using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov access takedown</c>.</summary>
internal sealed class AccessTakedownCommand : CliCommand
{
    private readonly Argument<string> _what = new("ID|IMAGE")
    {
        Description = "a run, a replay, a citation or another record by the first digits of its id, or an image by name",
    };

    private readonly Option<string> _reason = SharedOptions.Single(
        "--reason", null, "TEXT", $"why, in one line of at most {TombstoneRecord.MaxReason} characters; it is signed, and everybody reads it");

    private readonly Option<bool> _quiet = SharedOptions.Quiet("print only the tombstone's id");

    public AccessTakedownCommand()
        : base("takedown", "show a record to nobody any more, for good, and say why")
    {
        Arguments.Add(_what);
        Options.Add(_reason);
        Options.Add(_quiet);
    }

    public override string Remarks => """
        A tombstone, a signed record, goes into the log and cannot be taken back. From then on the record, what hangs on it (replays,
        citations) and its files are served to nobody; its page says who took it down, when and why (HTTP 410). Its digests stay in the
        log. Of an image the names go too. The next 'prov archive gc' removes the files that it kept, or the image's layers, unless
        another record needs the same bytes; the record itself stays on this machine, where file permissions decide.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov access takedown 7f3a9c --reason 'has names of patients'", "withdraw a run"),
        new("prov access takedown vendor/tool --reason 'may not be given away'", "withdraw an image"),
    ];

    public override int Execute(CommandCall call)
    {
        string reason = call.Value(_reason) ?? throw new UsageException($"option '{_reason.Name}' is missing: why?");
        if (!TombstoneStatement.IsReason(reason))
        {
            throw new UsageException($"option '{_reason.Name}': expected one line of 1 to {TombstoneRecord.MaxReason} characters");
        }

        var workbench = call.Workbench;
        var row = NamedRecord.Get(workbench, call.Value(_what)!);
        if (row.Kind == RecordKind.Tombstone)
        {
            throw new UsageException($"'{row.Record.Abbreviated}' is a tombstone, which cannot be taken down");
        }

        if (Tombstones.InForce(workbench.Finder.TombstonesOf(row.Record.Hex), workbench.Layout) is [var known, ..])
        {
            Tell(call, known.Record, $"{StatementTypes.NameOf(row.Kind)} {row.Record.Abbreviated} is taken down already: {known.Reason}");
            return ExitCodes.Success;
        }

        workbench.EnsureKey();
        using var key = workbench.Keys.Find() ?? throw new TrustException(workbench.Layout.Keys, "has no key that signs");
        using var lease = WriterLease.TryTake(workbench.Layout);
        var tombstone = TakeDown(call, row, key, reason);
        if (row.Kind == RecordKind.Image)
        {
            var manifest = RecordJson.ParseImage(workbench.Blobs.Read(row.Record, Workbench.MaxStatementBytes)).Predicate.Manifest.Digest;
            foreach (var other in OtherRecords(workbench, manifest).Where(other => other.Record != row.Record))
            {
                TakeDown(call, other, key, reason);
            }

            ForgetNames(call, manifest);
        }

        workbench.Sequence();
        Tell(call, tombstone, $"{StatementTypes.NameOf(row.Kind)} {row.Record.Abbreviated} is taken down; 'prov archive gc' removes its files");
        return ExitCodes.Success;
    }

    /// <summary>An image that was imported by several people, or packed in several ways, has several records.</summary>
    private static IEnumerable<RecordRow> OtherRecords(Workbench workbench, Digest manifest)
    {
        var takenDown = Tombstones.InForce(workbench.Finder.Tombstones(), workbench.Layout).Select(tombstone => tombstone.Of).ToHashSet();
        return workbench.Finder.ImagesByDigest(manifest)
            .Where(image => image.Manifest == manifest && !takenDown.Contains(image.Record))
            .Select(image => workbench.Finder.Get(image.Record.Hex));
    }

    private static Digest TakeDown(CommandCall call, RecordRow row, SigningKey key, string reason)
    {
        var workbench = call.Workbench;
        byte[] statement = workbench.Blobs.Read(row.Record, Workbench.MaxStatementBytes);
        var (tombstone, warnings) = new TombstoneWriter(workbench.Blobs, Files.SyncFolder, workbench.Time, Workbench.Recorder)
            .TakeDown(row.Kind, statement, key, reason);
        foreach (string warning in warnings)
        {
            call.Terminal.Warning(warning);
        }

        return tombstone;
    }

    private static void ForgetNames(CommandCall call, Digest manifest)
    {
        var workbench = call.Workbench;
        var named = workbench.Images.List().Where(image => image.Manifest.Digest == manifest && image.Name is not null).ToList();
        foreach (string name in named.Select(image => image.Name!))
        {
            workbench.Images.Remove(name);
            call.Terminal.Note($"removed image '{name}'");
        }

        foreach (var tree in named.Select(image => image.Tree).Distinct().Where(tree => workbench.Images.List().All(other => other.Tree != tree)))
        {
            workbench.Rootfs.Remove(tree);
        }

        var pushed = new PushedManifests(workbench.Layout, workbench.Time);
        foreach (var one in pushed.List().Where(one => one.Manifest.Digest == manifest))
        {
            pushed.Remove(one.Repository, manifest);
        }
    }

    private void Tell(CommandCall call, Digest tombstone, string sentence)
    {
        if (!call.Value(_quiet))
        {
            call.Terminal.Note(sentence);
        }

        call.Terminal.Line(tombstone.Hex);
    }
}
