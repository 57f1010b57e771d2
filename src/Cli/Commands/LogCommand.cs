using System.CommandLine;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log</c>: by itself the list of runs; below it what is about the log as a proof.</summary>
internal sealed class LogCommand : CliCommand
{
    private readonly RunFilters _filters = new();
    private readonly Option<bool> _ids = SharedOptions.Quiet("print ids only, one a line");
    private readonly Option<bool> _json = SharedOptions.Json();

    public LogCommand(params CliCommand[] commands)
        : base("log", "list the recorded runs, the newest first; prove and follow the log")
    {
        foreach (var command in commands)
        {
            Subcommands.Add(command);
        }

        // Without an action the parser would want one of the commands below.
        SetAction(static _ => ExitCodes.Success);
        _filters.AddTo(this);
        Options.Add(_ids);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov log", "the last runs"),
        new("prov log --since 7d --cpu-feature avx512f", "this week's on processors with AVX-512"),
        new("prov log -n 1 -q", "the id of the last run"),
        new("prov log audit /srv/lab1/prov", "whether another archive's log only grew since you last looked"),
    ];

    public override int Execute(CommandCall call)
    {
        var query = _filters.Read(call);
        var runs = call.Workbench.Finder.Runs(query);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(runs.Select(RunSummary.Of).ToArray(), CliJson.Default.RunSummaryArray));
        }
        else if (call.Value(_ids))
        {
            foreach (var run in runs)
            {
                call.Terminal.Line(run.Record.Abbreviated);
            }
        }
        else
        {
            RunTable.Print(runs, call.Terminal);
        }

        return ExitCodes.Success;
    }
}
