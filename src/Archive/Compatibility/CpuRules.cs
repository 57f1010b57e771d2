using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Will it crash: what the recorded processors could do and this one cannot.</summary>
/// <remarks>
/// Where the record does not say which of the features the job's programs use, any that code is generated or chosen for may be one
/// that they use without asking. Where it does, <see cref="RequirementRules"/> take CPU-13's place, and CPU-10 is about those alone.
/// </remarks>
internal static class CpuRules
{
    /// <summary>LZCNT where it is missing is executed as BSR: no error, another number.</summary>
    private const string Lzcnt = "abm";

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("CPU-13", Concern.Runs, MissingFeatures),
        new("CPU-10", Concern.Runs, DisabledFeatures),
        new("CPU-9", Concern.Runs, PinnedKernels),
        new("CPU-14", Concern.Runs, MissingOthers),
        new("CPU-11", Concern.SameResults, DifferentNodes),
    ];

    private static Complaint? MissingFeatures(Question q)
    {
        if (q.Requirements is not null)
        {
            return null;
        }

        string[] missing = [.. Missing(q).Where(f => !q.Here.Cpu.FeaturesDisabled.Contains(f))];
        if (missing.Length == 0)
        {
            return null;
        }

        string zeroes = missing.Contains(Lzcnt)
            ? "; without abm an lzcnt instruction gives wrong numbers and no error"
            : "";
        return new()
        {
            Verdict = Verdict.Refuse,
            Message = $"the run was recorded on {q.DescribeRecorded()}; this CPU, {Question.Describe(q.Here.Cpu)}, "
                + $"lacks {Question.Join(missing)}, which the job's programs may use without asking{zeroes}",
            Evidence = missing,
            Remedy = $"replay it on {Levels.Wanted(q, missing)}",
        };
    }

    private static Complaint? DisabledFeatures(Question q)
    {
        string[] certain = [.. Needed(q).Where(q.Here.Cpu.FeaturesDisabled.Contains)];
        string[] disabled = certain.Length > 0 ? certain : [.. MaybeNeeded(q).Where(q.Here.Cpu.FeaturesDisabled.Contains)];
        return disabled.Length == 0 || q.IsSameCpu
            ? null
            : new()
            {
                Verdict = certain.Length > 0 ? Verdict.Refuse : Verdict.Warn,
                Message = $"this CPU, {Question.Describe(q.Here.Cpu)}, has {Question.Join(disabled)}, but the system has "
                    + $"switched it off{BootOptions(q)}; {User(q, disabled, isCertain: certain.Length > 0)}",
                Evidence = disabled,
                Remedy = "switch it on in the kernel's options, the firmware or the hypervisor",
            };
    }

    /// <summary>A kernel chosen by name is run whatever the processor is.</summary>
    private static Complaint? PinnedKernels(Question q)
    {
        foreach (var (variable, value, needed) in DispatchPins.All)
        {
            string[] missing = [.. needed.Where(f => !q.Here.Cpu.Features.Contains(f))];
            if (q.Here.Cpu.Architecture == "amd64" && missing.Length > 0
                && string.Equals(q.Variable(variable), value, StringComparison.OrdinalIgnoreCase) && MayObey(q, needed))
            {
                return new()
                {
                    Verdict = Verdict.Refuse,
                    Message = $"the record sets {variable}={q.Variable(variable)}, which runs code for {Question.Join(needed)}; "
                        + $"this CPU, {Question.Describe(q.Here.Cpu)}, lacks {Question.Join(missing)}",
                    Evidence = missing,
                    Remedy = $"without {variable} the library chooses code for this CPU, and other last digits",
                };
            }
        }

        return null;
    }

    /// <summary>Whether the job may have a library that such a variable is for, shared or part of a program: it has code for these features.</summary>
    private static bool MayObey(Question q, string[] features) =>
        q is not { KnowsAll: true, Requirements: { MakesCode.Count: 0 } known, Run.Libraries: { } loaded }
        || loaded.Any(library => DispatchPins.IsFor(library.Path))
        || known.May.Any(choice => !NumericRules.IsCLibrary(choice.Path) && choice.Features.Any(features.Contains))
        || known.Must.Any(use => use.Features.Any(features.Contains));

    private static Complaint? MissingOthers(Question q)
    {
        string[] missing =
        [
            .. q.Recorded.SelectMany(h => h.Cpu.Features)
                .Where(CodeFeatures.IsAskedFor)
                .Except(q.Here.Cpu.Features)
                .Order(StringComparer.Ordinal),
        ];
        return missing.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Ok,
                Message = $"the recorded CPU has {Question.Join(missing)}, this one not; programs use it only after asking for it",
                Evidence = missing,
                Remedy = null,
            };
    }

    private static Complaint? DifferentNodes(Question q)
    {
        var kinds = q.Run.Hosts
            .GroupBy(h => string.Join(' ', CodeFeatures.Of(h.Cpu)))
            .Select(g => $"{g.First().Hostname}: {Question.Describe(g.First().Cpu)}")
            .ToArray();
        return kinds.Length < 2
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the run's nodes had different processors ({string.Join("; ", kinds)}), "
                    + "so that its parts may have been computed by different code",
                Evidence = kinds,
                Remedy = "for the same digits replay it on nodes of the same kinds; a run whose nodes are of one kind does not ask which did what",
            };
    }

    /// <summary>What is known to be used unchecked; what may be, where that is not known.</summary>
    private static IEnumerable<string> Needed(Question q) => q.Requirements is { } requirements
        ? requirements.Must.Where(use => use.Strong).SelectMany(use => use.Features).Distinct().Order(StringComparer.Ordinal)
        : Missing(q);

    /// <summary>What may be used unchecked; behind a check, where all that is checked for is here.</summary>
    private static IEnumerable<string> MaybeNeeded(Question q) => (q.Requirements?.Must ?? [])
        .Where(use => !use.Strong && use.Checked?.All(q.Here.Cpu.Features.Contains) != false)
        .SelectMany(use => use.Features).Distinct().Order(StringComparer.Ordinal);

    private static string User(Question q, string[] disabled, bool isCertain) => q.Requirements is null
        ? $"the recorded CPU, {q.DescribeRecorded()}, could use it"
        : $"the job's programs {(isCertain ? "" : "may ")}use it without checking"
            + (q.Recorded.Any(host => disabled.All(host.Cpu.Features.Contains)) ? ", and the recorded CPU could use it" : "");

    private static IEnumerable<string> Missing(Question q) =>
        q.CodeFeaturesThen.Except(q.CodeFeaturesHere).Order(StringComparer.Ordinal);

    private static string BootOptions(Question q) => q.Here.Kernel.CpuOptions.Count == 0
        ? ""
        : $" (the kernel was started with {string.Join(' ', q.Here.Kernel.CpuOptions)})";
}
