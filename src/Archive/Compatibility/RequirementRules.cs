using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Will it crash: what the run's programs and libraries ask for, where the record says it. Without, <see cref="CpuRules"/> judge.</summary>
internal static class RequirementRules
{
    private const string Lzcnt = "abm", Shared = "shared";
    private const int FilesNamed = 3;

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("KERN-1", Concern.Runs, KernelTooOld),
        new("CPU-1", Concern.Runs, MarkedAbove),
        new("CPU-6", Concern.Runs, GoAbove),
        new("CPU-2", Concern.Runs, Unchecked),
        new("CPU-3", Concern.Runs, WrongNumbers),
        new("CPU-4", Concern.Runs, MaybeUnchecked),
        new("CPU-8", Concern.Runs, SharedCode),
        new("CPU-15", Concern.Runs, NarrowCheck),
        new("CPU-7", Concern.Runs, MadeCode),
        new("CPU-12", Concern.Runs, NotAnalysed),
        new("CPU-5", Concern.Runs, Dispatched),
    ];

    private static Complaint? KernelTooOld(Question q)
    {
        var demand = q.Requirements?.Start.Where(s => s.Kind == "kernel").MaxBy(s => KernelVersion.Parse(s.Needs));
        return demand is null || KernelVersion.Parse(demand.Needs) <= KernelVersion.Parse(q.Here.Kernel.Release)
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"'{demand.Path}' needs Linux {demand.Needs} or newer; this is {q.Here.Kernel.Release} "
                    + "(it would stop with 'FATAL: kernel too old')",
                Evidence = [demand.Needs, q.Here.Kernel.Release],
                Remedy = $"replay it on a host with Linux {demand.Needs} or newer",
            };
    }

    /// <summary>The dynamic linker asks for its own level first, and then for that of each file's mark.</summary>
    private static Complaint? MarkedAbove(Question q)
    {
        if (HighestAbove(q, "libc-level") is { } own)
        {
            return new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the C library's dynamic linker '{own.Path}' was built for x86-64-{own.Needs} and starts nothing below "
                    + $"('Fatal glibc error: CPU does not support x86-64-{own.Needs}'); this CPU, {Question.Describe(q.Here.Cpu)}, "
                    + $"reaches {q.Here.Cpu.Level ?? "no level"}",
                Evidence = [own.Path, own.Needs],
                Remedy = $"replay it on {Levels.Machines(own.Needs)}",
            };
        }

        var demand = HighestAbove(q, "isa-note");
        return demand is null
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the dynamic linker{(demand.By is null ? "" : $" '{demand.By}'")} will refuse '{demand.Path}': it is marked x86-64-{demand.Needs}; "
                    + $"this CPU, {Question.Describe(q.Here.Cpu)}, reaches {q.Here.Cpu.Level ?? "no level"}"
                    + (demand.Seen == false ? "; the mark seems to be wrong, for the file has no such code" : ""),
                Evidence = [demand.Path, demand.Needs],
                Remedy = demand.Seen == false
                    ? $"build '{demand.Path}' without the mark (ld -z nomark-isa), or replay it on {Levels.Machines(demand.Needs)}"
                    : $"replay it on {Levels.Machines(demand.Needs)}",
            };
    }

    private static Complaint? GoAbove(Question q)
    {
        var demand = HighestAbove(q, "go");
        return demand is null
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"'{demand.Path}' was built with {(q.Here.Cpu.Architecture == "arm64" ? "GOARM64" : "GOAMD64")}={demand.Needs} "
                    + "and stops when it starts; "
                    + $"this CPU, {Question.Describe(q.Here.Cpu)}, reaches {q.Here.Cpu.Level ?? "no level"}",
                Evidence = [demand.Path, demand.Needs],
                Remedy = $"replay it on {Levels.Machines(demand.Needs)}, or build it for a lower level",
            };
    }

    private static Complaint? Unchecked(Question q)
    {
        InstructionUse[] uses = [.. Uses(q, strong: true).Where(use => MissingOf(q, use).Any(f => f != Lzcnt))];
        return uses.Length == 0 ? null : Complain(q, uses, Verdict.Refuse, "uses", "without checking");
    }

    /// <summary>LZCNT where it is missing is executed as BSR: no error, another number.</summary>
    private static Complaint? WrongNumbers(Question q)
    {
        InstructionUse[] uses = [.. Uses(q, strong: true).Where(use => MissingOf(q, use).Contains(Lzcnt))];
        return uses.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"'{uses[0].Path}' uses lzcnt without checking ({Where(uses[0])}); this CPU, {Question.Describe(q.Here.Cpu)}, "
                    + "lacks abm and would run it as bsr: wrong numbers, and no error",
                Evidence = [Lzcnt, .. uses.Select(Place)],
                Remedy = "replay it on a CPU with abm (Intel Haswell 2013, AMD K10 2007, or newer)",
            };
    }

    private static Complaint? MaybeUnchecked(Question q)
    {
        InstructionUse[] uses = [.. Uses(q, strong: false).Where(use => use.How != Shared && use.Checked is null)];
        return uses.Length == 0
            ? null
            : Complain(q, uses, Verdict.Warn, "may use", "without checking: no check was found on the way to it, yet it may not be reached");
    }

    private static Complaint? SharedCode(Question q)
    {
        InstructionUse[] uses = [.. Uses(q, strong: false).Where(use => use.How == Shared)];
        return uses.Length == 0
            ? null
            : Complain(q, uses, Verdict.Warn, "has inline code for", "that code compiled for less shares: the linker kept one copy");
    }

    /// <summary>A CPU that has what is asked for and not what is used.</summary>
    private static Complaint? NarrowCheck(Question q)
    {
        InstructionUse[] uses = [.. Uses(q, strong: false).Where(use => use.Checked?.All(q.Here.Cpu.Features.Contains) == true)];
        return uses.Length == 0
            ? null
            : Complain(q, uses, Verdict.Warn, "uses", $"where it has checked for {Question.Join(uses[0].Checked!)} only");
    }

    private static Complaint? MadeCode(Question q)
    {
        string[] missing = [.. MissingOfRecorded(q)];
        string[] makers = [.. (q.Requirements?.MakesCode ?? []).Where(maker => !maker.AsksProcessor).Select(maker => maker.Path)];
        return makers.Length == 0 || missing.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"{Files(makers)} makes machine code while it runs and never asks what the CPU can do; the run was recorded on "
                    + $"{q.DescribeRecorded()}, and this CPU, {Question.Describe(q.Here.Cpu)}, lacks {Question.Join(missing)}",
                Evidence = makers,
                Remedy = $"replay it on {Levels.Wanted(q, missing)}",
            };
    }

    /// <summary>What was not looked at may use whatever the recorded processor had.</summary>
    private static Complaint? NotAnalysed(Question q)
    {
        string[] missing = [.. MissingOfRecorded(q)];
        return q.Requirements is not { } known || missing.Length == 0 ? null
            : known.NotAnalysed is { Count: > 0 } unread ? Doubt(
                q, missing,
                $"{unread.Count} of the job's programs and libraries were not analysed ({unread[0].Path}: {unread[0].Reason}); they",
                [.. unread.Select(u => u.Path), .. known.MayLoadMore ?? []])
            : known.MayLoadMore is { Count: > 0 } more ? Doubt(
                q, missing,
                $"the job's calls were not observed: judged is what the dynamic linker would load for its command line, and {Files(more)} can open "
                    + "libraries or start programs that nobody saw; those",
                more)
            : known.MayLoadMore is null ? null
            : new()
            {
                Verdict = Verdict.Ok,
                Message = "the job's calls were not observed: judged is what the dynamic linker would load for its command line, nothing of which opens "
                    + "libraries or starts programs by itself",
                Evidence = [],
                Remedy = null,
            };
    }

    private static Complaint Doubt(Question q, string[] missing, string what, IReadOnlyList<string> evidence) => new()
    {
        Verdict = Verdict.Warn,
        Message = $"{what} may use {Question.Join(missing)}, which the recorded CPU had and this one, {Question.Describe(q.Here.Cpu)}, lacks",
        Evidence = evidence,
        Remedy = $"replay it on {Levels.Wanted(q, missing)}",
    };

    private static Complaint? Dispatched(Question q)
    {
        FeatureChoice[] choices =
        [
            .. (q.Requirements?.May ?? []).Where(choice => choice.Features.Except(q.Here.Cpu.Features).Any()),
        ];
        string[] missing =
        [
            .. choices.SelectMany(choice => choice.Features).Intersect(q.CodeFeaturesThen).Except(q.Here.Cpu.Features).Order(StringComparer.Ordinal),
        ];
        return missing.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Ok,
                Message = $"{choices.Length} programs and libraries choose code by processor ({Files(choices.Select(c => c.Path))}); "
                    + $"without {Question.Join(missing)} they choose other code here than on the recorded CPU",
                Evidence = missing,
                Remedy = null,
            };
    }

    private static Complaint Complain(Question q, InstructionUse[] uses, Verdict verdict, string verb, string manner)
    {
        var first = uses[0];
        string[] missing = [.. uses.SelectMany(use => MissingOf(q, use)).Distinct().Order(StringComparer.Ordinal)];
        string others = uses.Select(use => use.Path).Distinct().Count() is > 1 and var count ? $"; so do {count - 1} other files" : "";
        return new()
        {
            Verdict = verdict,
            Message = $"'{first.Path}' {verb} {Question.Join(MissingOf(q, first))} {manner} ({Where(first)}){others}; "
                + $"this CPU, {Question.Describe(q.Here.Cpu)}, lacks {Question.Join(missing)}",
            Evidence = [.. missing, .. uses.Select(Place)],
            Remedy = $"replay it on {Levels.Wanted(q, missing)}, or build it for {LevelHere(q)}",
        };
    }

    private static string LevelHere(Question q) => q.Here.Cpu switch
    {
        { Architecture: "amd64", Level: { } level } => $"x86-64-{level}",
        { Architecture: "arm64", Level: { } level } => $"arm{level}-a",
        _ => "this CPU",
    };

    private static string Where(InstructionUse use) =>
        $"{(use.Function is null ? "" : $"{use.Function} at ")}{use.Address}: {use.Instruction}, {Words(use.How)}";

    private static string Words(string how) => how switch
    {
        "entry" => "from the program's start",
        "initialiser" => "an initialiser, run before main",
        "export" => "called by another file",
        "every-outcome" => "reached whatever the check says",
        "no-dispatch" => "in a file that never looks at the CPU",
        Shared => "inline code of several objects",
        "narrow-check" => "behind that check",
        "pointer" => "reached by a pointer",
        "unasked" => "chosen by checks that never ask for it",
        _ => "reached by calls",
    };

    private static string Place(InstructionUse use) => $"{use.Path}:{use.Address} {use.Instruction}";

    /// <summary>Those of which this host lacks a feature.</summary>
    private static IEnumerable<InstructionUse> Uses(Question q, bool strong) =>
        (q.Requirements?.Must ?? []).Where(use => use.Strong == strong && MissingOf(q, use).Any());

    /// <summary>What the system has switched off is CPU-10's. On a CPU like the recorded one nothing is missing that was not missing then.</summary>
    private static IEnumerable<string> MissingOf(Question q, InstructionUse use) =>
        q.IsSameCpu ? [] : use.Features.Except(q.Here.Cpu.Features).Except(q.Here.Cpu.FeaturesDisabled);

    private static IEnumerable<string> MissingOfRecorded(Question q) =>
        q.CodeFeaturesThen.Except(q.CodeFeaturesHere).Order(StringComparer.Ordinal);

    private static StartDemand? HighestAbove(Question q, string kind) => q.Requirements?.Start
        .Where(s => s.Kind == kind && string.CompareOrdinal(s.Needs, q.Here.Cpu.Level ?? "") > 0)
        .MaxBy(s => s.Needs, StringComparer.Ordinal);

    private static string Files(IEnumerable<string> paths)
    {
        string[] all = [.. paths];
        string named = string.Join(", ", all.Take(FilesNamed).Select(path => $"'{path}'"));
        return all.Length > FilesNamed ? $"{named} and {all.Length - FilesNamed} more" : named;
    }
}
