using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Commands;

/// <summary><c>prov check</c>.</summary>
internal sealed class CheckCommand : CliCommand
{
    private readonly Argument<string> _run = new("ID") { Description = "a run: the first digits of its id, or the file of a statement" };
    private readonly Option<string> _host = SharedOptions.Single(
        "--host", null, "FILE|URL", "assess for the machine that this profile describes, as 'prov host --json' printed it there [this machine]");

    private readonly Option<string> _allHosts = SharedOptions.Single(
        "--all-hosts", null, "FOLDER", "assess for each machine of which there is a profile (*.json) in a folder");

    private readonly Option<bool> _chain = new("--chain") { Description = "assess every run of the pipeline that ends in this one" };
    private readonly Option<bool> _strict = new("--strict") { Description = "let a warning refuse too" };
    private readonly Option<bool> _json = SharedOptions.Json();

    public CheckCommand()
        : base("check", "assess whether a machine can repeat a run, without running it")
    {
        Arguments.Add(_run);
        Options.Add(_host);
        Options.Add(_allHosts);
        Options.Add(_chain);
        Options.Add(_strict);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov check 7f3a9c", "can it be repeated here?"),
        new("prov check 7f3a9c --chain", "could all the runs it came from be repeated?"),
        new("prov check 7f3a9c --host node.json", "could it be on that node? Exit status 3 when not, and why"),
        new("prov check 7f3a9c --all-hosts nodes/", "on which of a centre's kinds of nodes? Exit status 3 when on none"),
    ];

    public override int Execute(CommandCall call)
    {
        if (call.Value(_allHosts) is { } folder)
        {
            return CheckAll(call, folder);
        }

        if (call.Value(_chain))
        {
            return CheckChain(call);
        }

        var replayer = new Replayer(call.Workbench.Layout, call.Workbench.Time);
        var assessment = replayer.Check(call.Value(_run)!, ReadHost(call), call.Value(_strict));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(assessment, CliJson.Default.Assessment));
        }
        else
        {
            AssessmentPage.Print(assessment, call.Terminal);
        }

        return assessment.Verdict == Verdict.Refuse ? ExitCodes.Refused : ExitCodes.Success;
    }

    private int CheckChain(CommandCall call)
    {
        var replayer = new ChainReplayer(call.Workbench.Layout, call.Workbench.Time);
        var steps = replayer.Check(call.Value(_run)!, ReadHost(call), call.Value(_strict));
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
    private int CheckAll(CommandCall call, string folder)
    {
        if (call.Value(_host) is not null || call.Value(_chain))
        {
            throw new UsageException($"option '{_allHosts.Name}' goes with neither '{_host.Name}' nor '{_chain.Name}'");
        }

        var replayer = new Replayer(call.Workbench.Layout, call.Workbench.Time);
        HostAssessment[] hosts =
        [
            .. HostProfileSource.ListFolder(folder).Select(path => new HostAssessment
            {
                Host = Path.GetFileNameWithoutExtension(path),
                Assessment = replayer.Check(call.Value(_run)!, HostProfileSource.Read(path), call.Value(_strict)),
            }),
        ];
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(hosts, CliJson.Default.HostAssessmentArray));
        }
        else
        {
            AssessmentPage.Print(hosts, call.Terminal);
        }

        return hosts.All(host => host.Assessment.Verdict == Verdict.Refuse) ? ExitCodes.Refused : ExitCodes.Success;
    }

    private HostProfile? ReadHost(CommandCall call) => call.Value(_host) is { } place ? HostProfileSource.Read(place) : null;
}
