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
        "--host", null, "FILE", "assess for the machine that this profile describes, as 'prov host --json' printed it there [this machine]");

    private readonly Option<bool> _chain = new("--chain") { Description = "assess every run of the pipeline that ends in this one" };
    private readonly Option<bool> _strict = new("--strict") { Description = "let a warning refuse too" };
    private readonly Option<bool> _json = SharedOptions.Json();

    public CheckCommand()
        : base("check", "assess whether a machine can repeat a run, without running it")
    {
        Arguments.Add(_run);
        Options.Add(_host);
        Options.Add(_chain);
        Options.Add(_strict);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov check 7f3a9c", "can it be repeated here?"),
        new("prov check 7f3a9c --chain", "could all the runs it came from be repeated?"),
        new("prov check 7f3a9c --host node.json", "could it be on that node? Exit status 3 when not, and why"),
    ];

    public override int Execute(CommandCall call)
    {
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

    private HostProfile? ReadHost(CommandCall call)
    {
        if (call.Value(_host) is not { } path)
        {
            return null;
        }

        using var file = File.OpenRead(path);
        if (file.Length > HostProfileJson.MaxBytes)
        {
            throw new UsageException($"host profile '{path}' has {file.Length} bytes, at most {HostProfileJson.MaxBytes} are read");
        }

        byte[] json = new byte[file.Length];
        file.ReadExactly(json);
        return HostProfileJson.Parse(json);
    }
}
