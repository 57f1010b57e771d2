using System.Diagnostics;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Kernel.Tests.Recording;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>Runs that may need what a processor lacks are tried under qemu as that processor, before they are trusted to it.</summary>
public sealed class ProbedReplayTests : IDisposable
{
    private const string Emulator = "/usr/bin/qemu-x86_64-static";

    /// <summary>So deep that no analysis is sure that it is reached, with and without a check that none follows.</summary>
    private const string Deep = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <time.h>
        #define apart __attribute__((noinline))
        static int *has;
        apart int kernel(int x) { __asm__ volatile("vpaddd %%ymm0, %%ymm1, %%ymm2" ::: "xmm2"); return 2 * x; }
        apart int plain(int x) { return 2 * x; }
        apart int f4(int x) { return has == NULL || *has ? kernel(x) + 1 : plain(x) + 1; }
        apart int f3(int x) { return f4(x + 1) + 1; }
        apart int f2(int x) { return f3(x + 1) + 1; }
        apart int f1(int x) { return f2(x + 1) + 1; }
        int main(int c, char **v) {
          if (c > 1 && v[1][0] == 'c') { has = malloc(sizeof *has); *has = __builtin_cpu_supports("avx2"); }
          if (c > 1 && v[1][0] == 'l') { has = calloc(1, sizeof *has); for (time_t end = time(NULL) + 5; time(NULL) < end;) {} }
          FILE *f = fopen("out.txt", "a"); fprintf(f, "%d\n", f1(1)); fclose(f); return 0; }
        """;

    /// <summary>FMA4 is AMD's of 2011, which no processor since 2017 has; AVX-512 qemu does not emulate.</summary>
    private const string Odd = """
        __attribute__((noinline)) void ancient(void) { __asm__ volatile("vfmaddps %xmm0, %xmm1, %xmm2, %xmm3"); }
        int main(int c, char **v) {
          if (c > 1 && v[1][0] == 'o') ancient();
          if (c > 1 && v[1][0] == 'w') __asm__ volatile(".byte 0x62, 0xf1, 0x7d, 0x48, 0xef, 0xc0"); /* vpxord zmm0, zmm0, zmm0 */
          return 0; }
        """;

    private readonly RecordedArchive _archive = new();

    public ProbedReplayTests()
    {
        Assert.SkipUnless(JobTracer.IsSupported, "x86-64 alone is emulated");
        Assert.SkipUnless(HostProbe.Read().Cpu.Features.Contains("avx2"), "this processor is no newer than the one that is asked about");
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 7), "this kernel has one binfmt_misc for all");
        Assert.SkipUnless(File.Exists(Emulator), $"no {Emulator} on this host");
        foreach (var (name, source) in new[] { ("deep", Deep), ("odd", Odd) })
        {
            var (status, errors) = Compiler.Run("gcc", "-O1", "-static", "-o", Path.Combine(_archive.Work, name), _archive.Write($"{name}.c", source));
            Assert.SkipWhen(status is null, "no C compiler on this host");
            Assert.True(status == 0, errors);
        }
    }

    public void Dispose() => _archive.Dispose();

    [Theory]
    [InlineData("./deep")]
    [InlineData("sh -c './deep; exit 0'")]
    public void What_stops_at_an_instruction_is_refused(string command)
    {
        var run = _archive.Record(command);

        var assessment = Check(run, Nehalem());

        Assert.Equal((Verdict.Refuse, Answer.No, Answer.No), (assessment.Verdict, assessment.Runs, assessment.SameResults));
        var finding = assessment.Findings.Single(finding => finding.Rule == "EMU-3");
        string place = $"stopped at 'vpaddd ymm2, ymm1, ymm0' in kernel of '{_archive.Work}/deep', which needs avx2; this CPU lacks avx2";
        Assert.Contains(place, finding.Message, StringComparison.Ordinal);
        Assert.True(finding.CanForce);
        var probe = assessment.Probe!;
        Assert.Equal(CpuProbeResult.IllegalInstruction, probe.Result);
        Assert.Equal(["avx2"], probe.Illegal?.Missing);
        Assert.EndsWith("/deep", probe.Illegal!.Program, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public void Code_that_is_made_as_the_program_runs_is_tried_too()
    {
        string source = _archive.Write("made.c", """
            #include <string.h>
            #include <sys/mman.h>
            int main(void) {
              /* vpcmpeqd ymm0, ymm0, ymm0; vzeroupper; xor eax, eax; ret */
              unsigned char code[] = { 0xc5, 0xfd, 0x76, 0xc0, 0xc5, 0xf8, 0x77, 0x31, 0xc0, 0xc3 };
              void *memory = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              memcpy(memory, code, sizeof code); return ((int (*)(void))memory)(); }
            """);
        Assert.Equal((0, ""), Compiler.Run("gcc", "-O1", "-o", Path.Combine(_archive.Work, "made"), "-static", source));
        var run = _archive.Record("./made");
        Assert.Equal(0, _archive.Load(run).Record.Outcome.ExitCode);

        var assessment = Check(run, Nehalem());

        Assert.Contains(assessment.Findings, finding => finding is { Rule: "CPU-7", Verdict: Verdict.Warn });
        var illegal = assessment.Probe?.Illegal;
        Assert.Equal((CpuProbeResult.IllegalInstruction, "vpcmpeqd ymm0, ymm0, ymm0", null), (assessment.Probe?.Result, illegal?.Instruction, illegal?.File));
        Assert.Contains("in code that was generated", assessment.Findings.Single(finding => finding.Rule == "EMU-3").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_checks_before_it_passes()
    {
        var run = _archive.Record("./deep checked");

        var without = Check(run, Nehalem(), null);
        var assessment = Check(run, Nehalem());

        Assert.Equal((Verdict.Warn, Answer.Unknown, null), (Doubt(without).Verdict, without.Runs, without.Probe));
        Assert.Equal((Verdict.Ok, Answer.Yes), (Doubt(assessment).Verdict, assessment.Runs));
        Assert.EndsWith("under qemu as this CPU the job ran to its end", Doubt(assessment).Message, StringComparison.Ordinal);
        var probe = assessment.Probe!;
        Assert.Equal((CpuProbeResult.Ended, 0, null), (probe.Result, probe.ExitCode, probe.Reason));
        Assert.Empty(probe.NotEmulated);
        Assert.Contains(",-avx2,", probe.Cpu, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public void What_goes_on_is_ended_and_passes()
    {
        var run = _archive.Record("./deep long");
        var watch = Stopwatch.StartNew();

        var assessment = Check(run, Nehalem(), TimeSpan.FromSeconds(2));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        Assert.Equal((CpuProbeResult.StillRunning, 2), (assessment.Probe?.Result, assessment.Probe?.LimitSeconds));
        Assert.Equal((null, null), (assessment.Probe!.ExitCode, assessment.Probe.Signal));
        Assert.Equal(Answer.Yes, assessment.Runs);
        AssertUntouched();
    }

    [Fact]
    public void What_qemu_does_not_emulate_is_no_fault_of_the_job()
    {
        var run = Forge(_archive.Record("./odd"), "wide", "fma4");
        var cpu = Nehalem();

        var assessment = Check(run, cpu with { Features = [.. cpu.Features.Append("avx512f").Order(StringComparer.Ordinal)] });

        var probe = assessment.Probe!;
        Assert.Equal((Verdict.Warn, Answer.Unknown, CpuProbeResult.Unclear), (assessment.Verdict, assessment.Runs, probe.Result));
        Assert.Equal(["avx512f"], probe.NotEmulated);
        Assert.Empty(probe.Illegal!.Missing);
        Assert.Contains("does not emulate avx512f, which this CPU has", probe.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abm", "it does not show whether numbers are wrong")]
    [InlineData("avx512vl", "the job may have chosen other code")]
    public void What_it_cannot_show_stays_a_warning(string feature, string reason)
    {
        var run = Forge(_archive.Record("./odd"), "none", feature);
        var cpu = Nehalem();

        var assessment = Check(run, cpu with { Features = [.. cpu.Features.Append("avx512f").Order(StringComparer.Ordinal)] });

        Assert.Equal((CpuProbeResult.Ended, Verdict.Warn), (assessment.Probe?.Result, Doubt(assessment).Verdict));
        Assert.Contains(reason, assessment.Probe!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_no_network_and_another_end_tells_nothing()
    {
        string network = new FileInfo("/proc/self/ns/net").LinkTarget!;
        var run = _archive.Record($"test \"$(readlink /proc/self/ns/net)\" = '{network}' || exit 5; ./deep checked");
        Assert.SkipUnless(_archive.Load(run).Record.Outcome.ExitCode == 0, "jobs have no network of the host here");

        var assessment = Check(run, Nehalem());

        var probe = assessment.Probe!;
        Assert.Equal((CpuProbeResult.Unclear, 5, "it ended with exit 5, and the run with exit 0"), (probe.Result, probe.ExitCode, probe.Reason));
        Assert.Equal((Verdict.Warn, Verdict.Warn), (assessment.Verdict, Doubt(assessment).Verdict));
    }

    [Fact]
    public void Without_an_input_it_is_not_tried()
    {
        var run = _archive.Record("read x < in.txt; ./deep checked", change: request =>
        {
            _archive.Write("in.txt", "x\n");
            return request;
        });
        File.Delete(Path.Combine(_archive.Work, "in.txt"));

        var assessment = Check(run, Nehalem());

        Assert.Equal((CpuProbeResult.NotTried, "1 inputs of the run are missing or changed"), (assessment.Probe?.Result, assessment.Probe?.Reason));
        Assert.DoesNotContain(assessment.Findings, finding => finding.Rule == "INPUT-1");
        Assert.Equal(Verdict.Warn, assessment.Verdict);
    }

    [Fact]
    public void A_strict_check_takes_the_answer()
    {
        var run = _archive.Record("./deep checked");

        var request = Request(run, TimeSpan.FromSeconds(20)) with { Strict = true };
        var assessment = new Replayer(_archive.Layout, TimeProvider.System).CheckerOf(request)(Profile(Nehalem()));

        Assert.Equal(Answer.Yes, assessment.Runs);
        Assert.DoesNotContain(assessment.Findings, finding => finding.Rule == "CPU-4" && finding.Verdict != Verdict.Ok);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_replay_that_would_stop_here_is_refused_and_can_be_forced(bool forced)
    {
        Assert.SkipWhen(HostProbe.Read().Cpu.Features.Contains("fma4"), "this processor has the feature");
        var run = Forge(_archive.Record("./odd"), "old", "fma4");

        var result = _archive.Replay(run, request => request with { Probe = TimeSpan.FromSeconds(20), Force = forced });

        Assert.Equal(CpuProbeResult.IllegalInstruction, result.Record.Assessment.Probe?.Result);
        Assert.Equal("ancient", result.Record.Assessment.Probe!.Illegal?.Function);
        Assert.Equal(forced ? ["EMU-3"] : [], result.Record.Forced);
        Assert.Equal(forced ? "vfmaddps xmm3, xmm2, xmm1, xmm0" : null, result.Record.Outcome?.IllegalInstruction?.Instruction);
        Assert.NotNull(result.Id);
        if (!forced)
            Assert.Equal((ReplayVerdict.Refused, 3), (result.Record.Verdict, result.ExitCode));
    }

    [Fact]
    public void A_replay_that_passes_is_run()
    {
        Assert.SkipWhen(HostProbe.Read().Cpu.Features.Contains("fma4"), "this processor has the feature");
        var run = Forge(_archive.Record("./odd"), "none", "fma4");

        var result = _archive.Replay(run, request => request with { Probe = TimeSpan.FromSeconds(20) });

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.Equal((CpuProbeResult.Ended, Answer.Yes), (result.Record.Assessment.Probe?.Result, result.Record.Assessment.Runs));
    }

    [Fact]
    public void Where_there_is_no_doubt_nothing_is_tried()
    {
        var run = _archive.Record("echo x > y.txt");

        var record = _archive.Replay(run, request => request with { Probe = TimeSpan.FromSeconds(20) }).Record;

        Assert.Null(record.Assessment.Probe);
    }

    private static HostProfile Profile(CpuProfile cpu) => HostProbe.Read() with { Cpu = cpu };

    private static Finding Doubt(Assessment assessment) => assessment.Findings.First(finding => finding.Rule == "CPU-4");

    private static CpuProfile Nehalem() => HostProbe.Read(new HostSources
    {
        Root = Path.Combine(AppContext.BaseDirectory, "no-such-folder"),
        Architecture = "amd64",
        Cpuid = CpuidTable.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Machines", "qemu-nehalem.cpuid"))).Read,
        Xcr0 = 0,
        Environment = _ => null,
        PageBytes = Environment.SystemPageSize,
    }).Cpu;

    private static ReplayRequest Request(Digest run, TimeSpan? limit) => new() { Run = run.Hex, Probe = limit };

    private Assessment Check(Digest run, CpuProfile cpu) => Check(run, cpu, TimeSpan.FromSeconds(20));

    private Assessment Check(Digest run, CpuProfile cpu, TimeSpan? limit) =>
        new Replayer(_archive.Layout, TimeProvider.System).CheckerOf(Request(run, limit) with { ScratchParent = _archive.Scratch })(Profile(cpu));

    /// <summary>
    /// A run of another stepping that would not have come to its end here: it is told to do something else, and an analysis is made up that was in doubt of it.
    /// </summary>
    private Digest Forge(Digest run, string argument, string feature) => _archive.Forge(run, record => record with
    {
        Hosts = [record.Hosts[0] with { Cpu = record.Hosts[0].Cpu with { Stepping = 77 } }],
        Invocation = record.Invocation with { Argv = ["./odd", argument] },
        Requirements = record.Requirements! with
        {
            Must =
            [
                new InstructionUse
                {
                    Path = Path.Combine(_archive.Work, "odd"), Features = [feature], Address = "0x1000", Instruction = "none", How = "call", Strong = false,
                },
            ],
        },
    });

    /// <summary>What the run wrote, and nothing else, lies where it was made; and no scratch folder does.</summary>
    private void AssertUntouched()
    {
        Assert.Single(File.ReadAllLines(Path.Combine(_archive.Work, "out.txt")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_archive.Scratch));
        Assert.Empty(Directory.EnumerateFiles(_archive.Work, "*.core"));
    }
}
