using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Compatibility;
using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

/// <summary>
/// Records of programs of every level, judged for all captured machines, Nehalem to Zen 5 and the Arm servers: where the program runs and where it is
/// refused, by rule and processor. What is expected stands here by machine, from the vendors' own lists of what each processor has.
/// </summary>
public sealed class MachineMatrixTests
{
    private const string Before2013 = "k10 nehalem sandybridge ivybridge bulldozer piledriver";
    private const string Avx2Only = "haswell haswell-without-aes broadwell skylake zen epyc zen3 alderlake arrowlake";
    private const string Avx512 = "skylake_avx512 cascadelake sapphirerapids zen4 zen5";

    /// <summary>Where each is: files of a real machine, or a table of CPUID.</summary>
    private static readonly Dictionary<string, Func<HostProfile>> Machines = new(StringComparer.Ordinal)
    {
        ["k10"] = () => Machine.Read("linux-scientific7-k10"),
        ["nehalem"] = () => Machine.ReadCpuid("qemu-nehalem.cpuid", 0),
        ["sandybridge"] = () => Machine.ReadCpuid("qemu-sandybridge.cpuid", 7),
        ["ivybridge"] = () => Machine.Read("linux-rhel7-ivybridge"),
        ["bulldozer"] = () => Machine.Read("linux-scientificfermi6-bulldozer"),
        ["piledriver"] = () => Machine.Read("linux-scientific7-piledriver"),
        ["haswell"] = () => Machine.Read("linux-rhel7-haswell"),
        ["haswell-without-aes"] = () => Machine.Read("linux-rhel7-x86_64_v3"),
        ["broadwell"] = () => Machine.Read("linux-rhel7-broadwell"),
        ["skylake"] = () => Machine.ReadCpuid("qemu-skylake-client.cpuid", 0x207),
        ["skylake_avx512"] = () => Machine.Read("linux-rhel7-skylake_avx512"),
        ["cascadelake"] = () => Machine.Read("linux-centos7-cascadelake"),
        ["sapphirerapids"] = () => Machine.Read("linux-unknown-sapphirerapids"),
        ["alderlake"] = () => Machine.Read("linux-ubuntu24.04-alderlake"),
        ["arrowlake"] = () => Machine.Read("linux-ubuntu26.04-arrowlake_s"),
        ["zen"] = () => Machine.Read("linux-rhel7-zen"),
        ["epyc"] = () => Machine.ReadCpuid("qemu-epyc.cpuid", 7),
        ["zen3"] = () => Machine.Read("linux-ubuntu20.04-zen3"),
        ["zen4"] = () => Machine.Read("linux-rocky8.5-zen4"),
        ["zen5"] = () => Machine.Read("linux-rocky9-zen5"),
        ["cortex_a72"] = () => Machine.Read("linux-amazon-cortex_a72"),
        ["thunderx2"] = () => Machine.Read("linux-centos7-thunderx2"),
        ["a64fx"] = () => Machine.Read("linux-rocky8-a64fx"),
        ["neoverse_n1"] = () => Machine.Read("linux-amazon-neoverse_n1"),
        ["neoverse_v1"] = () => Machine.Read("linux-amazon-neoverse_v1"),
        ["neoverse_v2"] = () => Machine.Read("linux-rhel9-neoverse_v2"),
        ["ampere1"] = () => Machine.Read("linux-ubuntu22.04-ampere1"),
        ["m1"] = () => Machine.Read("linux-asahi-m1"),
    };

    /// <summary>Where the programs were recorded: on none of these, else nothing would be in doubt there.</summary>
    private static HostProfile Elsewhere
    {
        get
        {
            var newest = Machines["zen5"]();
            return newest with { Cpu = newest.Cpu with { Stepping = newest.Cpu.Stepping + 1 } };
        }
    }

    private static readonly string[] Arm = ["cortex_a72", "thunderx2", "a64fx", "neoverse_n1", "neoverse_v1", "neoverse_v2", "ampere1", "m1"];

    /// <summary>What a program of amd64 uses without asking, and the machines that run it. All others refuse.</summary>
    public static TheoryData<string, string, string> Programs => new()
    {
        { "v1", "", $"{Before2013} {Avx2Only} {Avx512}" },
        { "v2", "sse4_1 sse4_2 ssse3 popcnt", $"nehalem sandybridge ivybridge bulldozer piledriver {Avx2Only} {Avx512}" },
        { "avx", "avx", $"sandybridge ivybridge bulldozer piledriver {Avx2Only} {Avx512}" },
        { "f16c", "avx f16c", $"ivybridge piledriver {Avx2Only} {Avx512}" },
        { "v3", "avx2 bmi1 bmi2 fma movbe", $"{Avx2Only} {Avx512}" },
        { "v3 with aes", "aes avx2", $"haswell broadwell skylake zen epyc zen3 alderlake arrowlake {Avx512}" },
        { "lzcnt", "abm", $"k10 bulldozer piledriver {Avx2Only} {Avx512}" },
        { "fma4", "avx fma4", "bulldozer piledriver" },
        { "avx512f alone", "avx512f", Avx512 },
        { "v4", "avx512bw avx512cd avx512dq avx512f avx512vl", Avx512 },
        { "vnni", "avx512_vnni avx512f", "cascadelake sapphirerapids zen4 zen5" },
        { "bf16", "avx512_bf16 avx512f", "sapphirerapids zen4 zen5" },
        { "fp16", "avx512_fp16", "sapphirerapids" },
        { "amx", "amx_tile", "sapphirerapids" },
        { "avx_vnni", "avx_vnni", "alderlake arrowlake sapphirerapids zen5" },
    };

    /// <summary>Where a run of arm64 was recorded, and the machines on which it may be expected to run: there is no analysis for arm64, so what the machine had counts.</summary>
    public static TheoryData<string, string> ArmRuns => new()
    {
        { "cortex_a72", "cortex_a72 thunderx2 neoverse_n1 neoverse_v1 neoverse_v2 ampere1 m1" },
        { "thunderx2", "thunderx2 neoverse_n1 neoverse_v1 neoverse_v2 ampere1 m1" },
        { "neoverse_n1", "neoverse_n1 neoverse_v1 neoverse_v2 ampere1 m1" },
        { "neoverse_v1", "neoverse_v1 neoverse_v2" },
        { "neoverse_v2", "neoverse_v2" },
        { "a64fx", "a64fx neoverse_v1 neoverse_v2" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_runs_where_its_instructions_are_and_is_refused_elsewhere(string program, string features, string runsOn)
    {
        var run = RunSamples.RunOn(Elsewhere) with { Requirements = RequirementsOf(features) };
        string[] expected = runsOn.Split(' ');
        foreach (var (name, read) in Machines)
        {
            var here = read();
            var assessment = Assessor.Assess(run, here);
            bool refused = assessment.Verdict == Verdict.Refuse;
            string rules = string.Join(' ', assessment.Findings.Where(finding => finding.Verdict == Verdict.Refuse).Select(finding => finding.Rule));

            Tell($"{program,-14} {name,-20} {(refused ? $"refuse {rules}" : "runs")}");
            Assert.True(refused != expected.Contains(name), $"'{program}' on {name}: {(refused ? rules : "runs")}");
            if (refused)
            {
                Assert.Equal(Arm.Contains(name) ? "ARCH-1" : features == "abm" ? "CPU-3" : "CPU-2", rules.Split(' ')[0]);
                Assert.Equal(Answer.No, assessment.Runs);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ArmRuns))]
    public void A_run_of_arm64_is_judged_by_what_its_machine_had(string recorded, string runsOn)
    {
        string[] expected = runsOn.Split(' ');
        foreach (var (name, read) in Machines)
        {
            var assessment = Assessor.Assess(RunSamples.RunOn(Machines[recorded]()), read());
            bool refused = assessment.Verdict == Verdict.Refuse;
            string rules = string.Join(' ', assessment.Findings.Where(finding => finding.Verdict == Verdict.Refuse).Select(finding => finding.Rule));

            Tell($"{recorded,-14} {name,-20} {(refused ? $"refuse {rules}" : "runs")}");
            Assert.True(refused != expected.Contains(name), $"recorded on {recorded}, on {name}: {(refused ? rules : "runs")}");
            Assert.True(!refused || rules.Contains(Arm.Contains(name) ? "CPU-13" : "ARCH-1", StringComparison.Ordinal), $"{name}: {rules}");
        }
    }

    /// <summary>CPUID says that it is there, XCR0 or the kernel that it is not: both are told apart from a processor that has it not.</summary>
    [Theory]
    [InlineData("avx2", 0x7UL, "")]
    [InlineData("avx2", 0x3UL, "CPU-10")]
    [InlineData("avx2", 0x1UL, "CPU-10")]
    [InlineData("avx512f", 0x7UL, "CPU-2")]
    [InlineData("bmi2", 0x3UL, "")]
    public void What_the_system_has_switched_off_is_refused_with_its_own_word(string feature, ulong xcr0, string rule)
    {
        var run = RunSamples.RunOn(Elsewhere) with { Requirements = RequirementsOf(feature) };

        var findings = Assessor.Assess(run, Machine.ReadCpuid("qemu-haswell.cpuid", xcr0)).Findings;

        Assert.Equal(rule, string.Join(' ', findings.Where(finding => finding.Verdict == Verdict.Refuse).Select(finding => finding.Rule)));
    }

    /// <summary>A hypervisor that hides leaves, or all of them, makes a smaller processor, and none that cannot be judged.</summary>
    [Theory]
    [InlineData("no leaf 7", "v2", "CPU-2")]
    [InlineData("leaf 1 alone", "v2", "CPU-2")]
    [InlineData("nothing", "v1", "CPU-2")]
    public void A_processor_that_hides_leaves_is_judged_by_what_is_left(string hidden, string level, string rule)
    {
        string[] table = File.ReadAllLines(Path.Combine(Machine.Folder("cpuid"), "qemu-haswell.cpuid"));
        var cpuid = CpuidTable.Parse(string.Join('\n', table));
        CpuidRegisters Read(uint leaf, uint subleaf) => hidden switch
        {
            "no leaf 7" when leaf == 7 => default,
            "leaf 1 alone" when leaf is not (0 or 1) && leaf < 0x80000000 => default,
            "nothing" => default,
            _ => cpuid.Read(leaf, subleaf),
        };
        var here = HostProbe.Read(Machine.Sources("none", "amd64") with { Cpuid = Read, Xcr0 = 7 });
        var run = RunSamples.RunOn(Elsewhere) with { Requirements = RequirementsOf("avx2") };

        var refused = Assessor.Assess(run, here).Findings.Where(finding => finding.Verdict == Verdict.Refuse).ToArray();

        Assert.Equal(level, here.Cpu.Level);
        Assert.Equal(rule, Assert.Single(refused).Rule);
        Assert.Contains("lacks avx2", refused[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_machine_can_be_judged_for_every_other()
    {
        var profiles = Machines.ToDictionary(pair => pair.Key, pair => pair.Value());
        foreach (var (then, recorded) in profiles)
        {
            var itself = Assessor.Assess(RunSamples.RunOn(recorded), recorded);
            Assert.True(itself.Runs == Answer.Yes, $"{then} on itself: {string.Join(' ', itself.Findings.Select(finding => finding.Rule))}");
            foreach (var here in profiles.Values)
            {
                var assessment = Assessor.Assess(RunSamples.RunOn(recorded), here);
                Assert.All(assessment.Findings, finding => Assert.DoesNotContain("''", finding.Message, StringComparison.Ordinal));
            }
        }
    }

    private static Requirements RequirementsOf(string features) => RunSamples.NoRequirements with
    {
        Must =
        [
            .. features.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(feature => new InstructionUse
            {
                Path = "/bin/solve",
                Features = [feature],
                Function = "kernel",
                Address = "0x1120",
                Instruction = "nop",
                How = "entry",
                Strong = true,
            }),
        ],
    };

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
