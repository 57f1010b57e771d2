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

        terminal.Heading(VerdictLine(result.Record));
        if (result.ScratchFolder is { } scratch)
        {
            terminal.Note($"what came out is in '{scratch}'");
        }

        if (result.Id is { } id)
        {
            terminal.Note($"recorded replay {id.Abbreviated}");
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

    public static string VerdictLine(ReplayRecord record) =>
        $"{Word(record.Verdict)}{(record.Forced.Count > 0 ? " (forced)" : "")}{(record.Reason is { } reason ? ": " + reason : "")}";

    public static string Word(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Reproduced => "reproduced",
        ReplayVerdict.Differs => "differs",
        ReplayVerdict.Failed => "failed",
        _ => "refused",
    };

    private static void PrintComparison(ReplayRecord record, Terminal terminal)
    {
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
    }

    private static void Print(ComparedOutput output, Terminal terminal)
    {
        string note = (output.Decides ? "" : " (does not count)") + (output.Note is { } text ? $": {text}" : "");
        terminal.Line($"  {Word(output.Result),-14} {output.Name}{note}");
        if (output.FirstDifference is { } difference)
        {
            string line = difference.Line is { } number ? $", line {number}" : "";
            terminal.Line($"      first difference at byte {difference.Offset}{line}");
            terminal.Line($"      then: {difference.Original}");
            terminal.Line($"      now:  {difference.Replayed}");
        }
    }

    private static string Word(ComparisonResult result) => result switch
    {
        ComparisonResult.Identical => "identical",
        ComparisonResult.Differs => "differs",
        ComparisonResult.Missing => "missing",
        ComparisonResult.Unexpected => "unexpected",
        _ => "not comparable",
    };
}
