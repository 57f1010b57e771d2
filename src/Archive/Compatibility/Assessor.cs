using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Judges whether a run can be repeated on a host: records in, verdict out. Reads nothing else.</summary>
public static class Assessor
{
    /// <summary>In the order in which they are asked, and in which their findings stand.</summary>
    internal static IReadOnlyList<Rule> Rules { get; } =
    [
        .. PlatformRules.All, .. RequirementRules.All, .. CpuRules.All, .. InjectionRules.All, .. MemoryRules.All, .. GpuRules.All,
        .. GpuCodeRules.All, .. MpiRules.All, .. NumericRules.All,
    ];

    /// <param name="injectedHere">What this host offers in place of the run's injected files; null when nobody looked.</param>
    /// <param name="cpusHere">How many CPUs this process is allowed, and so the job; null for all of the host's, as on another host.</param>
    public static Assessment Assess(RunRecord run, HostProfile here, IReadOnlyList<InjectedFile>? injectedHere = null, int? cpusHere = null)
    {
        var question = new Question(run, here, injectedHere, cpusHere);
        var found = new List<(Concern About, Finding Finding)>();
        foreach (var rule in Rules)
        {
            if (rule.Find(question) is { } finding)
            {
                found.Add((rule.About, finding));
            }
        }

        var runs = AnswerOf(found.Where(f => f.About == Concern.Runs).Select(f => f.Finding.Verdict));
        return new()
        {
            Verdict = Worst(found.Select(f => f.Finding)),
            Runs = runs,
            SameResults = runs == Answer.No
                ? Answer.No
                : AnswerOf(found.Where(f => f.About == Concern.SameResults).Select(f => f.Finding.Verdict)),
            Findings = [.. found.Select(f => f.Finding)],
        };
    }

    /// <summary>The same with a finding about whether it runs that no rule here can make.</summary>
    public static Assessment With(Assessment assessment, Finding finding)
    {
        Finding[] findings = [.. assessment.Findings, finding];
        var answer = AnswerOf([finding.Verdict]);
        return assessment with
        {
            Findings = findings,
            Verdict = Worst(findings),
            Runs = answer == Answer.No || assessment.Runs == Answer.No ? Answer.No
                : answer == Answer.Unknown ? Answer.Unknown : assessment.Runs,
        };
    }

    /// <summary>What <c>--strict</c> makes of it: every warning refuses. The two answers stay, for the facts have not changed.</summary>
    public static Assessment Strict(Assessment assessment)
    {
        Finding[] findings =
        [
            .. assessment.Findings.Select(f => f.Verdict == Verdict.Warn ? f with { Verdict = Verdict.Refuse } : f),
        ];
        return assessment with { Verdict = Worst(findings), Findings = findings };
    }

    /// <summary>Warnings of some rules become notes, because something was done about what they warn of.</summary>
    /// <param name="why">Is said behind each.</param>
    public static Assessment Settle(Assessment assessment, IReadOnlyCollection<string> rules, string why)
    {
        Finding[] findings =
        [
            .. assessment.Findings.Select(f => f.Verdict == Verdict.Warn && rules.Contains(f.Rule)
                ? f with { Verdict = Verdict.Ok, Message = $"{f.Message}; {why}", Remedy = null }
                : f),
        ];
        return assessment with
        {
            Findings = findings,
            Verdict = Worst(findings),
            SameResults = assessment.SameResults == Answer.Unknown ? AnswerOf(VerdictsOf(findings, Concern.SameResults)) : assessment.SameResults,
        };
    }

    /// <summary>Whatever some rules found about running the job becomes a note, for it does not run on this processor.</summary>
    /// <param name="rules">How their names begin.</param>
    /// <param name="why">Is said behind each.</param>
    public static Assessment Provide(Assessment assessment, string rules, string why) =>
        Note(assessment, f => f.Verdict != Verdict.Ok && f.Rule.StartsWith(rules, StringComparison.Ordinal), why);

    /// <summary>Warnings about running the job become notes, because it was tried.</summary>
    /// <param name="isAnswered">Of which of them.</param>
    /// <param name="why">Is said behind each.</param>
    public static Assessment Tried(Assessment assessment, Func<Finding, bool> isAnswered, string why) =>
        Note(assessment, f => f.Verdict == Verdict.Warn && isAnswered(f), why);

    private static Assessment Note(Assessment assessment, Func<Finding, bool> isSettled, string why)
    {
        Finding[] findings =
        [
            .. assessment.Findings.Select(f => isSettled(f) ? f with { Verdict = Verdict.Ok, Message = $"{f.Message}; {why}", Remedy = null } : f),
        ];
        var runs = AnswerOf(VerdictsOf(findings, Concern.Runs));
        return assessment with
        {
            Findings = findings,
            Verdict = Worst(findings),
            Runs = runs,
            SameResults = runs == Answer.No ? Answer.No : AnswerOf(VerdictsOf(findings, Concern.SameResults)),
        };
    }

    private static IEnumerable<Verdict> VerdictsOf(IEnumerable<Finding> findings, Concern about) =>
        findings.Where(f => AboutOf(f) == about).Select(f => f.Verdict);

    /// <summary>Of a finding that no rule here makes, such as of an input: what refuses keeps it from running, what warns puts the results in doubt.</summary>
    private static Concern AboutOf(Finding finding) => Rules.FirstOrDefault(rule => rule.Id == finding.Rule) is { } rule ? rule.About
        : finding.Verdict == Verdict.Refuse ? Concern.Runs : Concern.SameResults;

    /// <summary>The rules whose refusal <c>--force</c> sets aside, in order; null when one of them cannot be forced.</summary>
    public static IReadOnlyList<string>? Forced(Assessment assessment)
    {
        Finding[] refused = [.. assessment.Findings.Where(f => f.Verdict == Verdict.Refuse)];
        return Array.TrueForAll(refused, f => f.CanForce) ? [.. refused.Select(f => f.Rule)] : null;
    }

    private static Verdict Worst(IEnumerable<Finding> findings) => findings.Select(f => f.Verdict).DefaultIfEmpty(Verdict.Ok).Max();

    private static Answer AnswerOf(IEnumerable<Verdict> verdicts) => verdicts.DefaultIfEmpty(Verdict.Ok).Max() switch
    {
        Verdict.Refuse => Answer.No,
        Verdict.Warn => Answer.Unknown,
        _ => Answer.Yes,
    };
}
