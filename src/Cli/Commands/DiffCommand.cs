using System.CommandLine;
using Provenance.Archive.Differences;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov diff</c>: what changed between two runs.</summary>
internal sealed class DiffCommand : CliCommand
{
    private readonly Argument<string> _a = new("ID") { Description = "a run: the first digits of its id, or the file of a statement" };
    private readonly Argument<string> _b = new("OTHER") { Description = "another run" };
    private readonly Option<bool> _all = new("--all") { Description = "show what is the same too" };
    private readonly Option<bool> _quiet = SharedOptions.Quiet("print nothing: the exit status says it");
    private readonly Option<bool> _json = SharedOptions.Json();

    public DiffCommand()
        : base("diff", "show what changed between two runs, side by side")
    {
        Arguments.Add(_a);
        Arguments.Add(_b);
        Options.Add(_all);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        Command, job, environment, mounts, image and its packages, host, libraries, scripts' commits, inputs, outputs, outcome.
        Of secret variables only the digests are compared. Times, memory and standard error are shown and do not count.
        Exit status: 0 the same, 1 different, as diff(1) has it.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov diff 7f3a9c c41ba6", "why did the second run give something else?"),
        new("prov diff 7f3a9c c41ba6 --json | jq '.sections[].name'", "the names of what differs"),
    ];

    public override int Execute(CommandCall call)
    {
        var a = ComparedRun.Find(call.Value(_a)!, call.Workbench);
        var b = ComparedRun.Find(call.Value(_b)!, call.Workbench);
        bool all = call.Value(_all);
        var sections = Compare(a, b, all);
        bool differ = sections.Any(section => section.Differs);
        var shown = sections.Select(section => section with { Items = [.. section.Items.Where(item => IsShown(item, all))] })
            .Where(section => section.Items.Count > 0)
            .ToList();
        if (call.Value(_json))
        {
            var report = new DifferenceReport { A = a.Id.Hex, B = b.Id.Hex, Differ = differ, Sections = shown };
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.DifferenceReport));
        }
        else if (!call.Value(_quiet))
        {
            Print(call.Terminal, a, b, shown);
        }

        return differ ? ExitCodes.Differs : ExitCodes.Success;
    }

    private static bool IsShown(Difference item, bool all) => !item.IsSame || (all && item.A is not null);

    private static IReadOnlyList<DifferenceSection> Compare(ComparedRun a, ComparedRun b, bool all)
    {
        bool isOtherImage = a.Record.Image.Tree != b.Record.Image.Tree;
        var sections = RunDifferences.Of(a.Side(isOtherImage || all), b.Side(isOtherImage || all), all);
        if (!isOtherImage)
        {
            return sections;
        }

        bool byName = !sections.Any(section => section is { Name: "packages", Differs: true });
        return [.. sections, TreeDifferences.Of(a.Tree(), b.Tree(), byName)];
    }

    private static void Print(Terminal terminal, ComparedRun a, ComparedRun b, List<DifferenceSection> shown)
    {
        foreach (var (letter, run) in (ReadOnlySpan<(char, ComparedRun)>)[('A', a), ('B', b)])
        {
            string command = RunTable.Shorten(Readable.Command(run.Record.Invocation.Argv));
            terminal.Line($"{letter}  run {run.Id.Abbreviated}: {command} ({Readable.Time(run.Record.Outcome.StartedAt)})");
        }

        if (shown.Count > 0)
        {
            terminal.Line();
        }

        DifferencePage.Print(shown, terminal);
    }
}
