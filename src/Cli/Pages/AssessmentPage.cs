using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>Whether a machine can repeat a run: the answer first, then each finding with what to do about it.</summary>
internal static class AssessmentPage
{
    /// <param name="assessment">Of one machine.</param>
    /// <param name="terminal">Gets it.</param>
    /// <param name="isImage">Nothing was run yet, so that there are no results to be the same.</param>
    public static void Print(Assessment assessment, Terminal terminal, bool isImage = false)
    {
        terminal.Heading($"assessment: {Word(assessment.Verdict)}");
        terminal.Line($"  runs here: {Word(assessment.Runs)}{(isImage ? "" : $"; same results: {Word(assessment.SameResults)}")}");
        Print(assessment.Findings, terminal);
        if (assessment.Probe is { } probe)
        {
            terminal.Line($"  {ProbeWords.Of(probe)}");
        }
    }

    /// <summary>Several machines: a line each, with the rules that speak against it; 'prov check --host' says why.</summary>
    public static void Print(IReadOnlyList<HostAssessment> hosts, Terminal terminal, bool isImage = false)
    {
        var table = isImage ? new TextTable("HOST", "VERDICT", "RUNS", "RULES") : new TextTable("HOST", "VERDICT", "RUNS", "SAME RESULTS", "RULES");
        foreach (var host in hosts)
        {
            var against = host.Assessment.Findings.Where(finding => finding.Verdict == host.Assessment.Verdict && finding.Verdict != Verdict.Ok);
            table.Add(
            [
                host.Host, Word(host.Assessment.Verdict), Word(host.Assessment.Runs),
                .. isImage ? Array.Empty<string>() : [Word(host.Assessment.SameResults)],
                string.Join(", ", against.Select(finding => finding.Rule)),
            ]);
        }

        table.Print(terminal);
    }

    /// <summary>Those alone that speak against something.</summary>
    public static void Print(IReadOnlyList<Finding> findings, Terminal terminal)
    {
        foreach (var finding in findings.Where(f => f.Verdict != Verdict.Ok))
        {
            Print(finding, terminal);
        }
    }

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warn => "warn",
        _ => "refuse",
    };

    private static void Print(Finding finding, Terminal terminal)
    {
        terminal.Line($"  {Word(finding.Verdict),-6} {finding.Rule}: {finding.Message}");
        if (finding.Remedy is { } remedy)
        {
            terminal.Line($"         {remedy}");
        }
    }

    private static string Word(Answer answer) => answer switch
    {
        Answer.Yes => "yes",
        Answer.No => "no",
        _ => "unknown",
    };
}
