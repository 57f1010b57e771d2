using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Will it give the same numbers: libraries that choose code by processor, threads, emulation.</summary>
internal static class NumericRules
{
    /// <summary>Variables that fix the number of threads of the libraries that divide sums among them.</summary>
    private static readonly string[] ThreadVariables =
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "GOTO_NUM_THREADS"];

    private static readonly string[] GenericNames = ["x86_64", "aarch64", "armv"];

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("NUM-1", Concern.SameResults, NewerFeatures),
        new("NUM-2", Concern.SameResults, OtherVendor),
        new("NUM-6", Concern.SameResults, OtherMicroarchitecture),
        new("NUM-3", Concern.SameResults, OtherThreadCount),
        new("NUM-4", Concern.SameResults, OtherVectorLength),
        new("EMU-2", Concern.SameResults, EmulatedHere),
        new("REC-1", Concern.SameResults, EmulatedThen),
    ];

    private static Complaint? NewerFeatures(Question q)
    {
        if (q.Recorded.Count == 0)
        {
            return null;
        }

        string[] more = ChosenBy(q, q.CodeFeaturesHere.Except(q.CodeFeaturesThen));
        string[]? choosers = Choosers(q, more);
        return more.Length == 0 || choosers is []
            ? FewerFeatures(q)
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"this CPU, {Question.Describe(q.Here.Cpu)}, has {Question.Join(more)}, which the recorded "
                    + $"{q.DescribeRecorded()} had not; {Choice(choosers)}, and last digits can differ",
                Evidence = more,
                Remedy = CanPass(q)
                    ? "for the same digits 'prov replay --pin-cpu' lets libraries choose the code they chose then"
                    : $"for the same digits replay it on {HostsThen(q)}",
            };
    }

    /// <summary>Libraries that choose do so downwards too. Where the record does not say what they are, CPU-13 has refused already.</summary>
    private static Complaint? FewerFeatures(Question q)
    {
        string[] less = ChosenBy(q, q.CodeFeaturesThen.Except(q.CodeFeaturesHere));
        string[]? choosers = Choosers(q, less);
        return q.Requirements is null || less.Length == 0 || choosers is []
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"this CPU, {Question.Describe(q.Here.Cpu)}, lacks {Question.Join(less)}, which the recorded "
                    + $"{q.DescribeRecorded()} had; {Choice(choosers)}, and last digits can differ",
                Evidence = less,
                Remedy = $"for the same digits replay it on {HostsThen(q)}",
            };
    }

    private static Complaint? OtherVendor(Question q)
    {
        string[] then = [.. q.Recorded.Select(h => h.Cpu.Vendor).Distinct().Where(v => v != q.Here.Cpu.Vendor)];
        return then.Length == 0 || (Choosers(q, null) is [] && q.Requirements!.Approximate.Count == 0)
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the recorded CPU is made by {Question.Join(then)}, this one by {q.Here.Cpu.Vendor}; approximate "
                    + "reciprocals and square roots differ between vendors, and libraries choose code by vendor",
                Evidence = [.. then, q.Here.Cpu.Vendor],
                Remedy = $"for the same digits replay it on {HostsThen(q)}",
            };
    }

    /// <summary>The same features and yet another model: what OpenBLAS, BLIS and MKL choose by.</summary>
    private static Complaint? OtherMicroarchitecture(Question q)
    {
        bool sameFeatures = q.CodeFeaturesHere.SetEquals(q.CodeFeaturesThen);
        bool sameName = q.Recorded.All(h => h.Cpu.Microarchitecture == q.Here.Cpu.Microarchitecture);
        return !sameFeatures || sameName
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"this CPU is {q.Here.Cpu.Microarchitecture}, the recorded one {MicroarchitecturesThen(q)}, with the same "
                    + "features; libraries that choose code by model can give other last digits",
                Evidence = [MicroarchitecturesThen(q), q.Here.Cpu.Microarchitecture ?? "unknown"],
                Remedy = CanPass(q)
                    ? "for the same digits 'prov replay --pin-cpu' lets libraries choose the code they chose then"
                    : $"for the same digits replay it on {HostsThen(q)}",
            };
    }

    /// <summary>Libraries take as many threads as the job is allowed CPUs, and a replay allows it all that it has itself.</summary>
    private static Complaint? OtherThreadCount(Question q)
    {
        int allowed = CpuCount.Of(q.Run.Invocation.Affinity), here = q.CpusHere;
        return allowed == 0 || allowed == here || q.Run.Hosts.Count == 0 || ThreadVariables.Any(name => q.Variable(name) is not null)
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the job was allowed {allowed} CPUs and finds {here} here; "
                    + "libraries that divide sums among threads then round differently",
                Evidence = [$"{allowed}", $"{here}"],
                Remedy = $"for the same digits replay it with {allowed} CPUs"
                    + (here > allowed ? " ('taskset -c' before prov leaves it so many)" : "")
                    + $"; a run with OMP_NUM_THREADS={allowed} does not ask how many there are",
            };
    }

    private static Complaint? OtherVectorLength(Question q)
    {
        int? here = q.Here.Cpu.SveVectorBytes;
        int? then = q.Recorded.Select(h => h.Cpu.SveVectorBytes).FirstOrDefault(bytes => bytes is not null && bytes != here);
        return then is null || here is null
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"SVE vectors had {then} bytes on the recorded host and have {here} here; "
                    + "sums are divided by vector length, and last digits can differ",
                Evidence = [$"{then}", $"{here}"],
                Remedy = $"for the same digits replay it on a host with SVE vectors of {then} bytes",
            };
    }

    private static Complaint? EmulatedHere(Question q) => q.Here.Emulated
        ? new()
        {
            Verdict = Verdict.Warn,
            Message = "this machine's processor is emulated in software: slow, and approximate instructions give results of its own",
            Evidence = [q.Here.Hypervisor ?? "foreign kernel"],
            Remedy = "replay it on real hardware",
        }
        : null;

    private static Complaint? EmulatedThen(Question q) => q.Run.Hosts.Any(h => h.Emulated)
        ? new()
        {
            Verdict = Verdict.Warn,
            Message = "the run was recorded on a processor emulated in software; real hardware can give other last digits",
            Evidence = [.. q.Run.Hosts.Where(h => h.Emulated).Select(h => h.Hostname)],
            Remedy = "for the same digits replay it under the same emulator; a run recorded on real hardware does not depend on one",
        }
        : null;

    /// <summary>
    /// Files that choose code which computes numbers, by any of these features, or at all. Null where nobody knows. The C library's own
    /// choices are of code that copies and compares.
    /// </summary>
    private static string[]? Choosers(Question q, IReadOnlyCollection<string>? features) =>
        q.Requirements is not { } known || !q.KnowsAll
            ? null
            :
            [
                .. known.May
                    .Where(choice => !IsCLibrary(choice.Path) && (features is null || choice.Features.Any(features.Contains)))
                    .Select(choice => choice.Path)
                    .Concat(known.MakesCode.Select(maker => maker.Path)).Distinct().Order(StringComparer.Ordinal),
            ];

    internal static bool IsCLibrary(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.StartsWith("libc.so", StringComparison.Ordinal) || name.StartsWith("ld-linux", StringComparison.Ordinal);
    }

    /// <summary>Of some features those that files of the run choose by, in order; all of them where nobody knows.</summary>
    private static string[] ChosenBy(Question q, IEnumerable<string> features)
    {
        var all = features.Order(StringComparer.Ordinal);
        return q.KnowsAll && q.Requirements is { MakesCode.Count: 0 } known
            ? [.. all.Intersect(known.May.Where(choice => !IsCLibrary(choice.Path)).SelectMany(choice => choice.Features))]
            : [.. all];
    }

    private static string Choice(string[]? paths)
    {
        const int Named = 4;
        if (paths is null)
        {
            return "libraries such as libm, OpenBLAS, FFTW and NumPy then choose other code";
        }

        string names = string.Join(", ", paths.Take(Named).Select(path => path[(path.LastIndexOf('/') + 1)..]));
        return $"other code is then chosen in {names}{(paths.Length > Named ? $" and {paths.Length - Named} more" : "")}";
    }

    /// <summary>Whether this CPU has all that the recorded one had, so that it can be taken for it.</summary>
    private static bool CanPass(Question q) => q.Here.Cpu.Architecture == "amd64" && q.CodeFeaturesThen.IsSubsetOf(q.CodeFeaturesHere);

    private static string MicroarchitecturesThen(Question q) =>
        string.Join(" or ", q.Recorded.Select(h => h.Cpu.Microarchitecture ?? h.Cpu.Brand).Distinct());

    /// <summary>archspec calls a CPU that it does not know by the level that it reaches, which others reach too and give other digits.</summary>
    private static string HostsThen(Question q) => string.Join(" or ", q.Recorded.Select(h => h.Cpu).Select(cpu =>
        cpu.Microarchitecture is { } name && !GenericNames.Any(generic => name.StartsWith(generic, StringComparison.Ordinal))
            ? $"a {name} host"
            : $"a host with the same CPU, {cpu.Brand}").Distinct());
}
