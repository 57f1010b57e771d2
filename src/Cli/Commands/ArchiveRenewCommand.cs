using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive renew</c>.</summary>
internal sealed class ArchiveRenewCommand : CliCommand
{
    private readonly Option<bool> _force = new("--force") { Description = "also when there is nothing new and the last seal will be good for long" };

    public ArchiveRenewCommand()
        : base("renew", "have the time stamped over all records: a seal, before older time stamps lose their worth")
    {
        Options.Add(_force);
    }

    public override string Remarks => """
        A seal lists what came to the log since the last one, and that one, and has a time stamp by an authority that
        config.toml names. It proves the time of records that were made where no authority could be asked, and carries the
        proof of old ones on when certificates and algorithms age. Run it now and then, such as every month by cron.
        Witnesses that config.toml names ([log] witness) are asked to cosign the log first; exit status 4 when too few did.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov archive renew", "a new seal, if there is anything to seal")];

    public override int Execute(CommandCall call)
    {
        ArchiveFolder.Require(call.Workbench.Layout);
        call.Workbench.KeepRevocationLists();
        var witnessed = call.Workbench.AskWitnesses();
        foreach (var by in witnessed.Cosignatures)
        {
            call.Terminal.Line($"cosigned by {by.Witness.Name} on {Readable.Time(by.Time)}: {witnessed.Size} records");
        }

        var report = new SealMaker(call.Workbench.Layout, Files.SyncFolder, call.Workbench.Time).Renew(call.Value(_force));
        if (report.Folder is { } folder)
        {
            call.Terminal.Line($"sealed {report.Entries} new of {Readable.Count((int)report.Size, "record", "records")}{Carried(report)}");
            call.Terminal.Line($"  {Stamp(report.Last!)}");
            call.Terminal.Line($"  {folder}");
        }
        else
        {
            call.Terminal.Line(report.Last is { } last ? $"nothing to seal: {report.Size} records, {Stamp(last)}" : "nothing to seal: the log is empty");
        }

        if (report.Last is { Trust.IsTrusted: false } untrusted)
        {
            call.Terminal.Hint(Hints.ForUntrustedTime(untrusted));
        }

        return witnessed.IsEnough ? ExitCodes.Success : ExitCodes.Incomplete;
    }

    private static string Carried(SealReport report) =>
        report.Carried == 0 ? "" : $", and {Readable.Count(report.Carried, "seal", "seals")} of archives that records came from";

    private static string Stamp(TimestampVerification stamp) => $"stamped {stamp.Time:u} by {stamp.Authority.Name}, good until {stamp.Authority.NotAfter:u}";
}
