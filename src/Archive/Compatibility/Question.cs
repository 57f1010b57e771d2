using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Can this run be repeated on this host? With what every rule derives from the two.</summary>
internal sealed class Question(RunRecord run, HostProfile here, IReadOnlyList<InjectedFile>? injectedHere, int? cpusHere)
{
    internal RunRecord Run { get; } = run;

    internal HostProfile Here { get; } = here;

    /// <summary>What this host offers in place of the run's injected files; null when nobody looked.</summary>
    internal IReadOnlyList<InjectedFile>? InjectedHere { get; } = injectedHere;

    /// <summary>How many CPUs the job would find here.</summary>
    internal int CpusHere { get; } = cpusHere is > 0 ? cpusHere.Value : here.Cpu.Threads;

    /// <summary>What the run's programs and libraries ask for; null when the record does not say, or this host is of another kind.</summary>
    internal Requirements? Requirements { get; } =
        run.Requirements is { } found && (found.Architecture ?? "amd64") == here.Cpu.Architecture ? found : null;

    /// <summary>Whether that is of all that the job loaded and started, so that what is not in it is not asked for.</summary>
    internal bool KnowsAll => Requirements is { NotAnalysed.Count: 0, MayLoadMore: null or { Count: 0 } };

    /// <summary>Whether this is asked on the host itself, by who would start the job: not of a profile.</summary>
    internal bool IsAskedHere { get; } = cpusHere is > 0;

    /// <summary>The recorded nodes whose processors can be compared with this one's.</summary>
    internal IReadOnlyList<HostProfile> Recorded { get; } =
        [.. run.Hosts.Where(h => h.Cpu.Architecture == here.Cpu.Architecture)];

    /// <summary>Features that code is generated or chosen for, of any of the recorded nodes.</summary>
    internal IReadOnlySet<string> CodeFeaturesThen =>
        Recorded.SelectMany(h => CodeFeatures.Of(h.Cpu)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The same of this host.</summary>
    internal IReadOnlySet<string> CodeFeaturesHere =>
        CodeFeatures.Of(Here.Cpu).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// Whether the run was made on processors like this one, with the same switched off, and did not die of that: whatever the job's code asks for,
    /// it did there as it will here.
    /// </summary>
    internal bool IsSameCpu => Run.Outcome.IllegalInstruction is null && Recorded.Count > 0 && Recorded.All(host => IsSame(host.Cpu, Here.Cpu));

    private static bool IsSame(CpuProfile then, CpuProfile here) =>
        (then.Vendor, then.Brand, then.Family, then.Model, then.Stepping) == (here.Vendor, here.Brand, here.Family, here.Model, here.Stepping)
        && then.Features.ToHashSet(StringComparer.Ordinal).SetEquals(here.Features)
        && then.FeaturesDisabled.ToHashSet(StringComparer.Ordinal).SetEquals(here.FeaturesDisabled);

    /// <summary>Value of a variable the job saw; null when it was not set, or kept as a digest.</summary>
    internal string? Variable(string name) => Run.Environment.FirstOrDefault(v => v.Name == name)?.Value;

    /// <summary>One processor in words: <c>Intel(R) Xeon(R) Gold 6132 (skylake_avx512, x86-64-v4)</c>.</summary>
    internal static string Describe(CpuProfile cpu)
    {
        string level = cpu.Level is null ? "" : cpu.Architecture == "amd64" ? $"x86-64-{cpu.Level}" : $"Arm{cpu.Level}";
        string names = string.Join(", ", new[] { cpu.Microarchitecture, level }.Where(n => !string.IsNullOrEmpty(n)));
        return names.Length == 0 ? cpu.Brand : $"{cpu.Brand} ({names})";
    }

    /// <summary>The processor of the recorded nodes; the highest, when they differ.</summary>
    internal string DescribeRecorded() => Describe(Recorded
        .Select(h => h.Cpu)
        .MaxBy(c => CodeFeatures.Of(c).Count())!);

    /// <summary>Names in a sentence, all of them: people search for the one they know.</summary>
    internal static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
