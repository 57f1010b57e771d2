using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Commands;

/// <summary><c>prov check</c>.</summary>
internal sealed class CheckCommand : CliCommand
{
    private readonly Argument<string> _run = new("ID|IMAGE")
    {
        Description = "a run: the first digits of its id, the file of a statement, or a bundle; else an image, whose program is looked at",
    };
    private readonly Option<string> _host = SharedOptions.Single(
        "--host", null, "FILE|URL", "assess for the machine that this profile describes, as 'prov host --json' printed it there [this machine]");

    private readonly Option<string> _allHosts = SharedOptions.Single(
        "--all-hosts", null, "FOLDER", "assess for each machine of which there is a profile (*.json) in a folder");

    private readonly Option<bool> _chain = new("--chain") { Description = "assess every run of the pipeline that ends in this one" };
    private readonly ProbeOption _probe = new("that machine's CPU");
    private readonly Option<bool> _strict = new("--strict") { Description = "let a warning refuse too" };
    private readonly Option<bool> _json = SharedOptions.Json();

    public CheckCommand()
        : base("check", "assess whether a machine can repeat a run, or run an image, without running it")
    {
        Arguments.Add(_run);
        Options.Add(_host);
        Options.Add(_allHosts);
        Options.Add(_chain);
        Options.Add(_probe.Option);
        Options.Add(_strict);
        Options.Add(_json);
    }

    public override bool TakesJob => true;

    public override string Remarks => """
        A run goes before an image of that name; with '--' an image is meant. Of an image the program, what it needs at its start and
        its interpreter are looked at, not what it opens or starts later: a recorded run knows more. An index answers for the variant that
        the machine would take.
        With --all-hosts a profile that cannot be read is told of and passed over; the exit status is then 125.
        With --probe a run is tried on this machine, and needs its inputs at their places or in the archive.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov check 7f3a9c", "can it be repeated here?"),
        new("prov check 7f3a9c --chain", "could all the runs it came from be repeated?"),
        new("prov check 7f3a9c --host node.json", "could it be on that node? Exit status 3 when not, and why"),
        new("prov check 7f3a9c --host node.json --probe", "where that is in doubt, try it here as that node's CPU for a minute"),
        new("prov check 7f3a9c --all-hosts nodes/", "on which of a centre's kinds of nodes? Exit status 3 when on none"),
        new("prov check solver --all-hosts nodes/ -- ./solve", "on which of them would this program of an image run?"),
    ];

    public override int Execute(CommandCall call)
    {
        using var bundle = OpenedBundle.Find(call.Value(_run)!, call);
        return bundle is null
            ? Execute(call, call.Value(_run)!)
            : Execute(bundle.Call, BundleArrival.OneRunOf(bundle.Bundle, call.Value(_run)!).Hex);
    }

    private int Execute(CommandCall call, string subject)
    {
        if (_probe.Read(call) is not null && (call.Value(_allHosts) is not null || call.Value(_chain)))
        {
            throw new UsageException($"option '{_probe.Option.Name}' goes with neither '{_allHosts.Name}' nor '{_chain.Name}'");
        }

        if (call.Value(_allHosts) is { } folder)
        {
            return CheckAll(call, subject, folder);
        }

        if (call.Value(_chain))
        {
            return CheckChain(call, subject);
        }

        var (check, isImage) = CheckOf(call, subject);
        var assessment = check(call.Value(_host) is { } place ? HostProfileSource.Read(place) : null);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(assessment, CliJson.Default.Assessment));
        }
        else
        {
            AssessmentPage.Print(assessment, call.Terminal, isImage);
        }

        return assessment.Verdict == Verdict.Refuse ? ExitCodes.Refused : ExitCodes.Success;
    }

    /// <summary>What is asked of each machine; null stands for this one.</summary>
    private (Func<HostProfile?, Assessment> Check, bool IsImage) CheckOf(CommandCall call, string subject)
    {
        bool strict = call.Value(_strict);
        if (call.Job is null)
        {
            try
            {
                var request = new ReplayRequest
                {
                    Run = subject,
                    Strict = strict,
                    Probe = _probe.Read(call),
                    Probing = call.Value(_json) ? null : () => call.Terminal.Note("tries the job under qemu"),
                };
                return (new Replayer(call.Workbench.Layout, call.Workbench.Time, call.Beside).CheckerOf(request), false);
            }
            catch (RecordNotFoundException) when (ImageCheck.Knows(subject, call.Workbench))
            {
                // It is an image then.
            }
        }

        if (_probe.Read(call) is not null)
        {
            throw new UsageException($"option '{_probe.Option.Name}' is for runs: of an image no arguments and no inputs are known");
        }

        return (new ImageCheck(subject, call.Job, call.Workbench, strict).Check, true);
    }

    private int CheckChain(CommandCall call, string subject)
    {
        if (call.Job is not null)
        {
            throw new UsageException($"option '{_chain.Name}' is for runs, and a command after '--' for images");
        }

        var replayer = new ChainReplayer(call.Workbench.Layout, call.Workbench.Time, call.Beside);
        var steps = replayer.Check(subject, ReadHost(call), call.Value(_strict));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(steps.Select(ChainStepReport.Of).ToArray(), CliJson.Default.ChainStepReportArray));
        }
        else
        {
            new ChainPage(call.Terminal).PrintAssessments(steps);
        }

        return steps.Any(step => step.Assessment.Verdict == Verdict.Refuse) ? ExitCodes.Refused : ExitCodes.Success;
    }

    /// <summary>Every machine of a centre, so that one that will do can be asked for.</summary>
    private int CheckAll(CommandCall call, string subject, string folder)
    {
        if (call.Value(_host) is not null || call.Value(_chain))
        {
            throw new UsageException($"option '{_allHosts.Name}' goes with neither '{_host.Name}' nor '{_chain.Name}'");
        }

        var (check, isImage) = CheckOf(call, subject);
        var paths = HostProfileSource.ListFolder(folder);
        var hosts = new List<HostAssessment>();
        foreach (string path in paths)
        {
            if (ReadOrTell(path, call.Terminal) is { } host)
            {
                hosts.Add(new HostAssessment { Host = Path.GetFileNameWithoutExtension(path), Assessment = check(host) });
            }
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of([.. hosts], CliJson.Default.HostAssessmentArray));
        }
        else if (hosts.Count > 0)
        {
            AssessmentPage.Print(hosts, call.Terminal, isImage);
        }

        return hosts.Count < paths.Count ? ExitCodes.Failed
            : hosts.All(host => host.Assessment.Verdict == Verdict.Refuse) ? ExitCodes.Refused : ExitCodes.Success;
    }

    /// <summary>Of many profiles one that is none must not hide what is to be said of the others.</summary>
    private static HostProfile? ReadOrTell(string path, Terminal terminal)
    {
        try
        {
            return HostProfileSource.Read(path);
        }
        catch (Exception e) when (e is RecordFormatException or UsageException or IOException or UnauthorizedAccessException)
        {
            terminal.Error($"'{path}': {Failure.Reword(e.Message)}");
            return null;
        }
    }

    private HostProfile? ReadHost(CommandCall call) => call.Value(_host) is { } place ? HostProfileSource.Read(place) : null;
}
