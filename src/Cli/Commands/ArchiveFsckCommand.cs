using System.CommandLine;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive fsck</c>.</summary>
internal sealed class ArchiveFsckCommand : CliCommand
{
    private readonly Option<bool> _repair = new("--repair") { Description = "mend what can be mended, and say what and how" };
    private readonly Option<string[]> _from = SharedOptions.Repeatable(
        "--from", null, "ARCHIVE|BUNDLE", "look for what is missing there too; may be given again");

    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveFsckCommand()
        : base("fsck", "read everything again and compare it with what names it; mend it when asked")
    {
        Options.Add(_repair);
        Options.Add(_from);
        Options.Add(_json);
    }

    public override string Remarks => """
        Blobs with their names, the log with its checkpoint, records with the blobs they name, the catalog with the log.
        Nothing is changed without --repair. With it, what follows from the rest is made again: catalog, proofs, tiles and
        entries of the log as its signed checkpoint has them, unpacked images. Blobs come from --from, and take a place only
        when size, SHA-256 and SHA-512 are what the signed records say. What was damaged is put into quarantine/ first.
        Exit status 0 when all is sound, be it only now; 1 when something that was kept is gone or damaged, and is not mended.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov archive fsck", "is everything still as it was?"),
        new("prov archive fsck --repair", "mend what can be mended from what is here"),
        new("prov archive fsck --repair --from /backup/prov --from run.prov.tar", "fetch what is gone from a backup, or from a bundle that was sent out"),
    ];

    public override int Execute(CommandCall call)
    {
        var sources = call.Values(_from);
        if (sources.Count > 0 && !call.Value(_repair))
        {
            throw new UsageException($"option '{_from.Name}' needs '{_repair.Name}'");
        }

        ArchiveFolder.Require(call.Workbench.Layout);
        if (call.Value(_repair))
        {
            return Repair(call, sources);
        }

        var fsck = new Fsck(call.Workbench.Blobs, Files.SyncFolder);
        var report = call.Terminal.WithProgress("reading the archive", show => fsck.Check(Teller(show), CancellationToken.None));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.FsckReport));
        }
        else
        {
            PrintFindings(call.Terminal, report.Findings);
            PrintSum(call.Terminal, report, report.IsSound ? "sound" : "damaged");
        }

        return report.IsSound ? ExitCodes.Success : ExitCodes.Differs;
    }

    private int Repair(CommandCall call, IReadOnlyList<string> sources)
    {
        var repairer = new ArchiveRepairer(call.Workbench.Blobs, Files.SyncFolder);
        var report = call.Terminal.WithProgress("reading the archive", show =>
        {
            var mended = repairer.Repair(sources, Teller(show), CancellationToken.None);
            return mended with { Repairs = [.. mended.Repairs, .. new CacheRepair(call.Workbench.Blobs).Run(CancellationToken.None)] };
        });
        foreach (string problem in report.SourceProblems)
        {
            call.Terminal.Warning(problem);
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.RepairReport));
        }
        else
        {
            Print(call.Terminal, report);
        }

        return report.After.IsSound ? ExitCodes.Success : ExitCodes.Differs;
    }

    private static void Print(Terminal terminal, RepairReport report)
    {
        foreach (var repair in report.Repairs)
        {
            terminal.Line($"mended: {repair.Subject}: {repair.How}");
        }

        PrintFindings(terminal, report.After.Findings.Where(finding => finding.Severity != FsckSeverity.Damage));
        foreach (var damage in report.Unrepaired)
        {
            terminal.Line($"damage: {damage.Subject}: {damage.Message}; needed is {damage.Needed}");
        }

        PrintSum(terminal, report.After, (report.After.IsSound, report.Repairs.Count) switch
        {
            (true, 0) => "sound, nothing was to be mended",
            (true, var count) => $"sound after {Readable.Count(count, "repair", "repairs")}",
            _ => "damaged",
        });
        if (!report.After.IsSound)
        {
            terminal.Hint(Hints.ForUnrepaired);
        }
    }

    private static void PrintFindings(Terminal terminal, IEnumerable<FsckFinding> findings)
    {
        foreach (var finding in findings)
        {
            terminal.Line($"{Word(finding.Severity)}: {finding.Subject}: {finding.Message}");
        }
    }

    private static void PrintSum(Terminal terminal, FsckReport report, string verdict) =>
        terminal.Line($"{report.Blobs} blobs ({Readable.Bytes(report.Bytes)}) and {report.LogEntries} log entries read: {verdict}");

    private static Teller<FsckProgress> Teller(Action<ProgressStep> show) =>
        new(p => show(new ProgressStep(p.BytesDone, p.BytesTotal, p.Phase)));

    private static string Word(FsckSeverity severity) => severity switch
    {
        FsckSeverity.Note => "note",
        FsckSeverity.Repairable => "repairable",
        _ => "damage",
    };
}
