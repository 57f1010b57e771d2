using System.CommandLine;
using Provenance.Archive.Care;
using Provenance.Archive.Content;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive backup</c>.</summary>
internal sealed class ArchiveBackupCommand : CliCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "a folder that is new or empty, or an earlier backup of this archive" };
    private readonly Option<bool> _withKeys = new("--with-keys") { Description = "copy private keys too: whoever has the backup can sign with them" };
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveBackupCommand()
        : base("backup", "copy the archive into a folder that is an archive by itself; the next time only what is new")
    {
        Arguments.Add(_folder);
        Options.Add(_withKeys);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        Jobs may be recorded meanwhile; gc waits, or is refused. The backup holds every record that was acknowledged when it
        began, and passes fsck by itself. Every blob is proved on the way: one that is damaged is told and not copied. Nothing
        is ever removed from a backup. The catalog is not copied, for it is made again at the first question. One that was
        interrupted goes on when it is called again.
        Exit status 1 when a blob is damaged and was not copied.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov archive backup /mnt/backup/prov", "every night by cron: the first time all, then what is new"),
        new("PROV_ARCHIVE=/mnt/backup/prov prov archive fsck", "is the backup whole?"),
        new("prov archive fsck --repair --from /mnt/backup/prov", "fetch what was damaged from it"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        ArchiveFolder.Require(call.Workbench.Layout);
        var backup = new ArchiveBackup(call.Workbench.Blobs, Files.SyncFolder);
        var report = call.Terminal.WithProgress("copying blobs", show => backup.Copy(
            call.Value(_folder)!,
            call.Value(_withKeys),
            new Teller<BackupProgress>(p => show(new ProgressStep(p.BlobsDone, p.BlobsTotal))),
            CancellationToken.None));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.BackupReport));
        }
        else
        {
            Print(call, report);
        }

        return report.Damaged.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    private void Print(CommandCall call, BackupReport report)
    {
        foreach (string damaged in report.Damaged)
        {
            call.Terminal.Warning($"{damaged}; it was not copied");
        }

        if (!call.Value(_quiet))
        {
            call.Terminal.Line($"{report.Blobs} blobs, {report.NewBlobs} of them new ({Readable.Bytes(report.NewBytes)}); "
                + $"{report.LogEntries} log entries, {report.NewEntries} of them new"
                + (report.Waiting > 0 ? $"; {Readable.Count(report.Waiting, "record waits", "records wait")}" : ""));
        }

        if (call.Value(_withKeys))
        {
            call.Terminal.Note($"private keys are in '{report.Root}' too: whoever has it can sign with them");
        }
        else if (report.KeysLeftOut > 0)
        {
            call.Terminal.Note($"private keys were left out ({report.KeysLeftOut}); '--with-keys' copies them");
        }
    }
}
