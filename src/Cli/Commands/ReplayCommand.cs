using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Commands;

/// <summary><c>prov replay</c>.</summary>
internal sealed class ReplayCommand : CliCommand
{
    private readonly Argument<string> _run = new("ID")
    {
        Description = "a run: the first digits of its id, the file of a statement, or a bundle, which is then taken in",
    };

    private readonly Option<bool> _chain = new("--chain")
    {
        Description = "repeat the whole pipeline that ends in this run, from its sources on, each step with what the steps before it made now",
    };

    private readonly Option<bool> _force = new("--force") { Description = "go on although the assessment refuses; the replay's record says so" };
    private readonly Option<bool> _strict = new("--strict") { Description = "let a warning refuse too" };
    private readonly BindOption _binds = new("say where an input is now; DST is its path in the container; may be given again");
    private readonly EnvironmentOptions _environment = new("give a secret that the record does not hold; may be given again");
    private readonly Option<string> _scratch = SharedOptions.Single("--scratch", null, "DIR", "make the scratch folder there [$TMPDIR, else /tmp]");
    private readonly Option<bool> _keepScratch = new("--keep-scratch") { Description = "leave the scratch folder when the results differ" };
    private readonly ComparisonOptions _comparison = new();
    private readonly PinOptions _pin = new(isReplay: true);
    private readonly ProbeOption _probe = new("this CPU");
    private readonly ReportOption _report = new();

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "when results differ, run the job again with one thing set at a time, and say what made the difference",
    };

    private readonly Option<bool> _explainSigill = new("--explain-sigill")
    {
        Description = "follow all of the job's processes, so that one which ends by SIGILL is explained however many there are",
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet("print nothing: the exit status says it");
    private readonly Option<bool> _json = SharedOptions.Json();

    public ReplayCommand()
        : base("replay", "repeat a recorded run and compare its results")
    {
        Arguments.Add(_run);
        foreach (Option option in (Option[])
            [
                _chain, _force, _strict, _binds.Option, _environment.Variables, _environment.Files, _scratch, _keepScratch,
                _pin.Cpu, _pin.Mode.Option, _pin.Emulate, _probe.Option,
                .. _comparison.All, _explain, _explainSigill, _report.Option, _quiet, _json,
            ])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        The record is verified first, then it is assessed whether this machine can repeat the run, then the job runs in
        a scratch folder, never over the originals, and every result is compared: byte for byte, and where bytes differ
        by what is in them, so that a time in a header is told from another number. The replay is recorded.
        With --chain the runs are those that 'prov tree' shows. All are assessed before the first begins, and none runs when
        one is refused; -v counts for every run that had such a mount. Each replay is a record of its own.
        With --probe a job that stops at an instruction which this CPU lacks is refused, and one that does not is no longer warned of.
        Exit status: 0 reproduced, 1 differs, 3 refused, 4 could not be compared.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov replay 7f3a9c", "repeat a run and say whether it came out the same"),
        new("prov replay 7f3a9c -v /new/place:/home/ada/data", "the same when its input has moved"),
        new("prov replay 7f3a9c --chain", "repeat the runs it came from too, in order, and pass on what they make now"),
        new("prov replay 7f3a9c --rtol 1e-9 --ignore '*.log'", "let numbers differ a little, and logs in any way"),
        new("prov replay 7f3a9c --explain --report replay.html", "find out why it differs, and write a page about it"),
        new("prov replay 7f3a9c --pin-cpu", "on a newer CPU, let libraries choose the code they chose then"),
        new("prov replay 7f3a9c --probe=20", "on an older CPU, try it for 20 seconds under qemu before it is run"),
        new("prov replay 7f3a9c --keep-scratch", "leave what came out, to look at what differs"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        string? report = ReadReport(call);
        var request = new ReplayRequest
        {
            Run = RunOf(call),
            Force = call.Value(_force),
            Strict = call.Value(_strict),
            Binds = _binds.Read(call),
            Environment = _environment.Read(call),
            ScratchParent = call.Value(_scratch) is { } scratch ? Path.GetFullPath(scratch) : null,
            KeepScratch = call.Value(_keepScratch),
            Pin = _pin.Read(call),
            Probe = ReadProbe(call),
            Probing = call.Terminal.Quiet ? null : () => call.Terminal.Note("tries the job under qemu first"),
            Policy = _comparison.Read(call),
            Explain = call.Value(_explain),
            FollowAll = call.Value(_explainSigill),
            Trying = call.Terminal.Quiet ? null : name => call.Terminal.Note($"runs again to explain: {name}"),
            Assessed = call.Terminal.Quiet ? null : assessment => ShowBefore(assessment, call.Terminal),
            PutIn = call.Terminal.Quiet ? null : findings => AssessmentPage.Print(findings, call.Terminal),
        };
        call.Workbench.EnsureKey();
        if (call.Value(_chain))
        {
            return ReplayChain(call, request);
        }

        var result = new Replayer(call.Workbench.Layout, call.Workbench.Time).Replay(request);
        if (report is not null)
        {
            ReportOption.Write(report, ReplayReport.Of(result));
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ReplayReport.Of(result), CliJson.Default.ReplayReport));
        }
        else if (!call.Value(_quiet))
        {
            ReplayPage.PrintOutcome(result, call.Terminal);
            if (Hints.For(result) is { } hint)
            {
                call.Terminal.Hint(hint);
            }
        }

        return result.ExitCode;
    }

    /// <summary>It is about one replay, of which 'prov show' writes it too; of a chain's there are several.</summary>
    private string? ReadReport(CommandCall call)
    {
        string? report = _report.Read(call);
        return report is null || !call.Value(_chain) ? report
            : throw new UsageException($"option '{_report.Option.Name}' cannot be used with '{_chain.Name}'");
    }

    /// <summary>A chain's steps have inputs only when those before them have run; a job that is shown another CPU does not run as this one.</summary>
    private TimeSpan? ReadProbe(CommandCall call)
    {
        var limit = _probe.Read(call);
        string? other = limit is null ? null
            : call.Value(_chain) ? _chain.Name
            : call.Parsed.GetResult(_pin.Cpu) is { Implicit: false } ? _pin.Cpu.Name
            : call.Parsed.GetResult(_pin.Emulate) is { Implicit: false } ? _pin.Emulate.Name
            : null;
        return other is null ? limit : throw new UsageException($"option '{_probe.Option.Name}' cannot be used with '{other}'");
    }

    /// <summary>A bundle comes into the archive first: there its image is unpacked, and there the replay is kept.</summary>
    private string RunOf(CommandCall call)
    {
        string what = call.Value(_run)!;
        if (!OpenedBundle.IsMeant(what))
        {
            return what;
        }

        var bundle = BundleArrival.Import(what, call.Workbench);
        var run = BundleArrival.OneRunOf(bundle, what);
        call.Terminal.Note($"took {what} into the archive: run {run.Abbreviated}");
        return run.Hex;
    }

    private int ReplayChain(CommandCall call, ReplayRequest request)
    {
        var replayer = new ChainReplayer(call.Workbench.Layout, call.Workbench.Time);
        if (call.Terminal.Quiet)
        {
            var quiet = replayer.Replay(request);
            if (call.Value(_json))
            {
                call.Terminal.Raw(JsonText.Of(ChainReport.Of(quiet), CliJson.Default.ChainReport));
            }

            return quiet.ExitCode;
        }

        var page = new ChainPage(call.Terminal);
        var result = replayer.Replay(request, page.PrintAssessments, page.PrintBegun, page.PrintEnded);
        page.PrintVerdict(result);
        if (result.Steps.Select(step => step.Result is { } refused ? Hints.For(refused) : null).FirstOrDefault(text => text is not null) is { } hint)
        {
            call.Terminal.Hint(hint);
        }

        return result.ExitCode;
    }

    private static void ShowBefore(Assessment assessment, Terminal terminal)
    {
        AssessmentPage.Print(assessment, terminal);
        terminal.Flush();
    }
}
