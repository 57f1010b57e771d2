using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Pages;

/// <summary>A pipeline that is repeated: whether it can be, then each step as it ends, the verdict on all of it last.</summary>
internal sealed class ChainPage(Terminal terminal)
{
    private const int InputsShown = 20;

    /// <summary>The steps, with what is to be said of those that are not simply fine.</summary>
    public void PrintAssessments(IReadOnlyList<ChainStepResult> steps)
    {
        var worst = steps.Max(step => step.Assessment.Verdict);
        terminal.Heading($"chain of {Readable.Count(steps.Count, "run", "runs")}: {AssessmentPage.Word(worst)}");
        foreach (var step in steps)
        {
            terminal.Line($"  {AssessmentPage.Word(step.Assessment.Verdict),-6} {Title(step)}");
        }

        foreach (var step in steps.Where(step => step.Assessment.Verdict != Verdict.Ok))
        {
            terminal.Line();
            terminal.Heading(Title(step));
            AssessmentPage.Print(step.Assessment, terminal);
        }

        terminal.Flush();
    }

    public void PrintBegun(ChainStepResult step)
    {
        terminal.Line();
        terminal.Heading(Title(step));
        foreach (var input in step.Inputs.OrderBy(input => input.IsAsRecorded).Take(InputsShown))
        {
            string what = input.IsAsRecorded ? "as recorded" : "which is not what was recorded";
            terminal.Line($"  {input.Path} is what step {input.Step} made now as {input.MadePath}, {what}");
        }

        if (step.Inputs.Count > InputsShown)
        {
            terminal.Line($"  … and {step.Inputs.Count - InputsShown} more");
        }

        terminal.Flush();
    }

    public void PrintEnded(ChainStepResult step)
    {
        if (step.Result is { } result)
        {
            ReplayPage.PrintOutcome(result, terminal);
        }
        else
        {
            terminal.Line();
            terminal.Heading(Title(step));
            terminal.Line($"  was not run: {step.NotRun}");
        }
    }

    public void PrintVerdict(ChainResult result)
    {
        terminal.Line();
        terminal.Heading($"chain: {ReplayPage.Word(result.Verdict)}");
        foreach (var step in result.Steps)
        {
            string word = step.Result is { } replay ? ReplayPage.VerdictLine(replay.Record) : $"was not run: {step.NotRun}";
            terminal.Line($"  step {step.Number}, run {step.Run.Abbreviated}: {word}");
        }

        if (result.ScratchFolder is { } scratch)
        {
            terminal.Note($"what the steps passed on is in '{scratch}'");
        }
    }

    private static string Title(ChainStepResult step) =>
        $"step {step.Number} of {step.Steps}, run {step.Run.Abbreviated}: {RunTable.Shorten(Readable.Command(step.Argv))}";
}
