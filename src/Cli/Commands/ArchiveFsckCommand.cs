using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive fsck</c>.</summary>
internal sealed class ArchiveFsckCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveFsckCommand()
        : base("fsck", "read everything again and compare it with what names it") => Options.Add(_json);

    public override string Remarks => """
        Blobs with their names, the log with its checkpoint, records with the blobs they name, the catalog with the log.
        Nothing is changed. Exit status 1 when something that was kept is gone or damaged.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov archive fsck", "is everything still as it was?")];

    public override int Execute(CommandCall call)
    {
        var fsck = new Fsck(call.Workbench.Blobs, Files.SyncFolder);
        var report = call.Terminal.WithProgress("reading the archive", show => fsck.Check(
            new Teller<FsckProgress>(p => show(new ProgressStep(p.BytesDone, p.BytesTotal, p.Phase))), CancellationToken.None));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.FsckReport));
            return report.IsSound ? ExitCodes.Success : ExitCodes.Differs;
        }

        foreach (var finding in report.Findings)
        {
            call.Terminal.Line($"{Word(finding.Severity)}: {finding.Subject}: {finding.Message}");
        }

        call.Terminal.Line($"{report.Blobs} blobs ({Readable.Bytes(report.Bytes)}) and {report.LogEntries} log entries read: "
            + (report.IsSound ? "sound" : "damaged"));
        return report.IsSound ? ExitCodes.Success : ExitCodes.Differs;
    }

    private static string Word(FsckSeverity severity) => severity switch
    {
        FsckSeverity.Note => "note",
        FsckSeverity.Repairable => "repairable",
        _ => "damage",
    };
}
