using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Pages;

/// <summary>What a replay came to: the assessment, what was compared, the verdict last.</summary>
internal static class ReplayPage
{
    private const int MissingShown = 20;
    private const int OutputsShown = 200;

    /// <summary>What came after the assessment, which was shown before the job ran.</summary>
    public static void PrintOutcome(ReplayResult result, Terminal terminal)
    {
        PrintComparison(result.Record, terminal);
        foreach (var input in result.MissingInputs.Take(MissingShown))
        {
            terminal.Line($"  {input.Path}: {input.Reason}");
        }

        if (result.MissingInputs.Count > MissingShown)
        {
            terminal.Line($"  … and {result.MissingInputs.Count - MissingShown} more");
        }

        if (result.Record.Outcome?.IllegalInstruction is { } illegal)
        {
            terminal.Warning(IllegalInstructionWords.Of(illegal));
        }
        else if (result.IsIllegalUnexplained)
        {
            terminal.Warning(IllegalInstructionWords.Unknown);
            terminal.Hint(Hints.ForIllegalInstruction);
        }

        terminal.Heading(VerdictLine(result.Record));
        if (result.ScratchFolder is { } scratch)
        {
            terminal.Note($"what came out is in '{scratch}'");
        }

        if (result.Id is { } id)
        {
            terminal.Note($"recorded replay {id.Abbreviated}");
            foreach (string warning in result.Warnings)
            {
                terminal.Warning(warning);
            }
        }
        else
        {
            terminal.Warning($"the replay was not recorded: {Failure.Reword(result.NotRecorded ?? "")}");
        }
    }

    /// <summary>All but the verdict.</summary>
    public static void Print(ReplayRecord record, Terminal terminal)
    {
        AssessmentPage.Print(record.Assessment, terminal);
        PrintComparison(record, terminal);
    }

    public static string VerdictLine(ReplayRecord record) => ReplayWords.Verdict(record);

    public static string Word(ReplayVerdict verdict) => ReplayWords.Of(verdict);

    private static void PrintComparison(ReplayRecord record, Terminal terminal)
    {
        if (record.Pinning is { } pinning)
        {
            terminal.Line($"  pinned to {PinningWords.Of(pinning)}");
            foreach (string sentence in pinning.NotPinned)
            {
                terminal.Line($"  not pinned: {sentence}");
            }
        }

        foreach (var relocation in record.Relocated)
        {
            terminal.Line($"  {relocation.Path}: taken from {relocation.Source}");
        }

        if (record.Comparison.Count == 0)
        {
            return;
        }

        terminal.Heading("comparison");
        foreach (var output in record.Comparison.Take(OutputsShown))
        {
            Print(output, terminal);
        }

        if (record.Comparison.Count > OutputsShown)
        {
            terminal.Line($"  … and {record.Comparison.Count - OutputsShown} more");
        }

        if (ReplayWords.Asked(record) is { } asked)
        {
            terminal.Line($"  {asked}");
        }

        if (record.Explanation is { } explanation)
        {
            Print(explanation, terminal);
        }
    }

    private static void Print(ComparedOutput output, Terminal terminal)
    {
        string ignored = output.Ignored is { } pattern ? $" (ignored by '{pattern}')" : output.Decides ? "" : " (does not count)";
        string note = ignored + (output.Note is { } text ? $": {text}" : "");
        terminal.Line($"  {ReplayWords.Of(output.Result),-16} {output.Name}{note}");
        foreach (string detail in ReplayWords.Details(output))
        {
            terminal.Line($"      {detail}");
        }

        if (output.FirstDifference is { } difference)
        {
            string line = difference.Line is { } number ? $", line {number}" : "";
            terminal.Line($"      first difference at byte {difference.Offset}{line}");
            terminal.Line($"      then: {difference.Original}");
            terminal.Line($"      now:  {difference.Replayed}");
        }
    }

    private static void Print(ReplayExplanation explanation, Terminal terminal)
    {
        terminal.Heading("explanation");
        foreach (var trial in explanation.Trials)
        {
            string failure = trial.Failure is { } reason ? $": could not be tried: {reason}" : "";
            terminal.Line($"  {trial.Name}{failure}");
            foreach (var output in trial.Outputs.Take(OutputsShown))
            {
                terminal.Line($"    {ReplayWords.Of(output),-32} {output.Name}");
            }
        }

        foreach (string conclusion in explanation.Conclusions.Take(OutputsShown))
        {
            terminal.Line($"  {conclusion}");
        }
    }
}
