using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Tests.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>Programs of real compilers for arm64, judged for processors and then run on them: under qemu, which traps what a model lacks.</summary>
public sealed class CorpusArm64Tests(ITestOutputHelper output)
{
    private static readonly string[] Models = ["cortex-a53", "cortex-a57", "cortex-a72", "cortex-a76", "neoverse-n1", "a64fx", Arm64Corpus.Newest];

    /// <summary>
    /// In a static program the C library asks for everything, so that a check of less than what is used cannot be told; nor can what it
    /// makes while it runs. FORMAT.d/requirements.md says so.
    /// </summary>
    private static readonly string[] KnownMisses = ["guarded-WRONG-static", "jit-static"];

    [Fact]
    public void Nothing_that_fails_is_called_fit_and_nearly_nothing_that_runs_is_refused()
    {
        using var corpus = new Arm64Corpus();
        var hosts = Models.ToDictionary(model => model, corpus.Host, StringComparer.Ordinal);
        var rows = corpus.Cases.SelectMany(name => Judge(corpus, name, hosts)).ToList();

        int refusedRight = Count(Verdict.Refuse, runs: false), refusedWrong = Count(Verdict.Refuse, runs: true);
        int warnedRight = Count(Verdict.Warn, runs: false), warnedWrong = Count(Verdict.Warn, runs: true);
        int missed = Count(Verdict.Ok, runs: false), fit = Count(Verdict.Ok, runs: true);
        output.WriteLine(
            $"{rows.Count} cases: of {refusedRight + warnedRight + missed} that fail {refusedRight} refused, {warnedRight} warned, {missed} missed;");
        output.WriteLine($"of {refusedWrong + warnedWrong + fit} that run {refusedWrong} refused, {warnedWrong} warned, {fit} called fit");
        foreach (var row in rows.Where(row => row.Runs == (row.Verdict != Verdict.Ok)))
        {
            output.WriteLine($"{row.Case} on {row.Model}: {(row.Runs ? "runs" : "fails")}, judged {row.Verdict} {row.Rules}");
        }

        Assert.True(refusedRight > 100, "the corpus has programs that fail");
        Assert.Empty(rows.Where(row => row.Verdict == Verdict.Ok && !row.Runs).Select(row => row.Case).Except(KnownMisses));
        Assert.True(refusedWrong <= 0.01 * (refusedWrong + warnedWrong + fit), $"{refusedWrong} that run are refused");
        Assert.True(warnedWrong <= 0.05 * (refusedWrong + warnedWrong + fit), $"{warnedWrong} that run are warned of");

        int Count(Verdict verdict, bool runs) => rows.Count(row => row.Verdict == verdict && row.Runs == runs);
    }

    /// <summary>Captured machines; what each can do is in its /proc/cpuinfo.</summary>
    [Fact]
    public void A_record_is_judged_for_real_machines()
    {
        using var corpus = new Arm64Corpus();
        string[] machines =
        [
            "linux-amazon-cortex_a72", "linux-centos7-thunderx2", "linux-amazon-neoverse_n1", "linux-asahi-m1", "linux-rocky8-a64fx",
            "linux-amazon-neoverse_v1", "linux-ubuntu22.04-ampere1", "linux-rhel9-neoverse_v2",
        ];
        (string Case, string Runs)[] expected =
        [
            ("kernels-armv8-a", "cortex_a72 thunderx2 neoverse_n1 m1 a64fx neoverse_v1 ampere1 neoverse_v2"),
            ("outline", "cortex_a72 thunderx2 neoverse_n1 m1 a64fx neoverse_v1 ampere1 neoverse_v2"),
            ("guarded", "cortex_a72 thunderx2 neoverse_n1 m1 a64fx neoverse_v1 ampere1 neoverse_v2"),
            ("kernels-armv8.1-a+lse", "thunderx2 neoverse_n1 m1 a64fx neoverse_v1 ampere1 neoverse_v2"),
            ("kernels-armv8.2-a+sve", "a64fx neoverse_v1 neoverse_v2"),
            ("kernels-a64fx", "a64fx neoverse_v1 neoverse_v2"),
            ("dotprod", "neoverse_n1 m1 neoverse_v1 ampere1 neoverse_v2"),
            ("sve2", "neoverse_v2"),
            ("i8mm", "neoverse_v1 ampere1 neoverse_v2"),
        ];
        var recorded = corpus.Host(Arm64Corpus.Newest);
        foreach (var (name, runs) in expected)
        {
            var run = Arm64Corpus.Recorded(corpus.Analyse(name), recorded);
            var found = machines.Where(machine => Judge(run, Machine.Read(machine)).Verdict == Verdict.Ok)
                .Select(machine => machine[(machine.LastIndexOf('-') + 1)..]);
            Assert.Equal($"{name}: {runs}", $"{name}: {string.Join(' ', found)}");
        }
    }

    [Fact]
    public void Requirements_of_arm64_ask_nothing_of_other_machines_and_tell_of_branch_protection()
    {
        using var corpus = new Arm64Corpus();
        var requirements = corpus.Analyse("kernels-armv8.1-a+lse");
        Assert.Equal("arm64", requirements.Architecture);
        var use = Assert.Single(requirements.Must, use => use.Path.EndsWith("/main", StringComparison.Ordinal));
        Assert.Equal(["atomics"], use.Features);
        Assert.StartsWith("ldadd (", use.Instruction, StringComparison.Ordinal);
        Assert.Equal(requirements, RequirementsJson.Parse(RequirementsJson.Serialize(requirements)), (a, b) =>
            RequirementsJson.Serialize(a!).AsSpan().SequenceEqual(RequirementsJson.Serialize(b!)));

        var run = Arm64Corpus.Recorded(requirements, corpus.Host(Arm64Corpus.Newest));
        Assert.DoesNotContain(Assessor.Assess(run, CorpusCpu.Recorded).Findings, finding => finding.Rule is "CPU-2" or "CPU-4");
        Assert.Contains(Assessor.Assess(run, corpus.Host("cortex-a72")).Findings, finding =>
            finding.Rule == "CPU-2" && finding.Message.Contains("uses atomics without checking", StringComparison.Ordinal)
            && finding.Remedy!.Contains("build it for armv8.0-a", StringComparison.Ordinal));

        // The linker keeps a mark only where every object that it links has it, and Debian's start files have none.
        Assert.Equal(["bti", "pac"], ElfFile.Read(Path.Combine(corpus.Root, "protected", "libmarked.so")).BranchProtection);
        Assert.Empty(corpus.Analyse("protected").BranchProtection!);
    }

    private static IEnumerable<(string Case, string Model, bool Runs, Verdict Verdict, string Rules)> Judge(
        Arm64Corpus corpus, string name, Dictionary<string, HostProfile> hosts)
    {
        var requirements = corpus.Analyse(name);
        Assert.NotEqual(0, requirements.CodeBytes);
        var run = Arm64Corpus.Recorded(requirements, hosts[Arm64Corpus.Newest]);
        var expected = corpus.RunOn(Arm64Corpus.Newest, $"{name}/main");
        Assert.True(expected.Status == 0, $"{name}: {expected.Output}");
        foreach (var (model, host) in hosts)
        {
            var truth = corpus.RunOn(model, $"{name}/main");
            var (verdict, rules) = Judge(run, host);
            yield return (name, model, truth.Status == 0 && truth.Output == expected.Output, verdict, rules);
        }
    }

    private static (Verdict Verdict, string Rules) Judge(RunRecord run, HostProfile host)
    {
        var findings = Assessor.Assess(run, host).Findings.Where(finding => finding.Rule.StartsWith("CPU-", StringComparison.Ordinal)).ToList();
        return (
            findings.Select(finding => finding.Verdict).DefaultIfEmpty(Verdict.Ok).Max(),
            string.Join(' ', findings.Where(finding => finding.Verdict != Verdict.Ok).Select(finding => $"{finding.Rule}: {finding.Message}")));
    }
}
