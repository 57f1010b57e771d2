using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Kernel.Tests.Recording;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>A run whose digits an emulated processor of 2008 made is replayed on this one, with pinning and without.</summary>
public sealed class PinnedReplayTests : IDisposable
{
    private const string Emulator = "/usr/bin/qemu-x86_64-static";

    private const string Digits = """
        #include <math.h>
        #include <stdio.h>
        #include <string.h>
        static unsigned long long hash = 1469598103934665603ull;
        static void add(double value) { unsigned long long bits; memcpy(&bits, &value, 8); hash = (hash ^ bits) * 1099511628211ull; }
        int main(void) {
          for (int i = 1; i < 20000; i++) { double x = i * 0.000137; add(sin(x)); add(pow(x, 1.7)); add(exp(-x)); add(log(x)); add(tan(x)); }
          printf("%llx\n", hash); return 0; }
        """;

    private readonly RecordedArchive _archive = new();
    private readonly Digest _run;

    public PinnedReplayTests()
    {
        Assert.SkipUnless(JobTracer.IsSupported, "CPUID is answered on x86-64 alone");
        Assert.SkipUnless(HostProbe.Read().Cpu.Features.Contains("fma"), "this processor is no newer than the recorded one");
        Assert.SkipUnless(File.Exists(Emulator), $"no {Emulator} on this host");
        var (status, errors) = Compiler.Run(
            "gcc", "-O1", "-fno-builtin", "-static", "-o", Path.Combine(_archive.Work, "digits"), _archive.Write("digits.c", Digits), "-lm");
        Assert.SkipWhen(status is null, "no C compiler on this host");
        Assert.True(status == 0, errors);
        File.Copy(Emulator, Path.Combine(_archive.Work, "emulator"));
        var emulated = _archive.Record(
            "$BY ./digits > out.txt", change: request => request with { Environment = [new("BY", "./emulator -cpu Nehalem")] });
        _run = RecordedOn(emulated, Nehalem());
    }

    public void Dispose() => _archive.Dispose();

    [Theory]
    [InlineData(PinMode.Auto, "cpuid")]
    [InlineData(PinMode.Env, "env")]
    public void Pinned_it_comes_out_as_the_original(PinMode mode, string means)
    {
        var record = _archive.Replay(_run, request => request with { Pin = new PinRequest(null, null, mode) }).Record;

        Assert.Equal((ReplayVerdict.Reproduced, null), (record.Verdict, record.Reason));
        Assert.Equal(("recorded", means), (record.Pinning?.Target, record.Pinning?.Mode));
        Assert.Equal(mode == PinMode.Auto, record.Pinning!.CpuidAnswers > 0);
        Assert.Contains("fma", record.Pinning.Hidden);
        Assert.Equal(mode == PinMode.Auto ? Verdict.Ok : Verdict.Warn, record.Assessment.Findings.Single(finding => finding.Rule == "NUM-1").Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Emulated_it_comes_out_as_the_original(bool asked)
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 7), "this kernel has one binfmt_misc for all");
        var run = asked ? _run : _archive.Forge(_run, record => record with
        {
            Pinning = new CpuPin { Target = "Nehalem", Mode = "qemu", Cpu = "Nehalem of qemu 7.2", Hidden = [], Variables = [], NotPinned = [] },
        });

        var record = _archive.Replay(run, request => request with { Pin = asked ? new PinRequest(null, null, PinMode.Emulate) : null }).Record;

        Assert.Equal((ReplayVerdict.Reproduced, null), (record.Verdict, record.Reason));
        Assert.Equal(("Nehalem", "qemu"), (record.Pinning?.Target, record.Pinning?.Mode));
        Assert.StartsWith("Nehalem of qemu", record.Pinning!.Cpu, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_emulator_has_is_refused()
    {
        var run = _archive.Forge(_run, record => record with
        {
            Requirements = (record.Requirements ?? throw new InvalidOperationException("the run has no requirements")) with
            {
                Must =
                [
                    new InstructionUse
                    {
                        Path = "/work/digits", Features = ["avx512f"], Address = "0x1000",
                        Instruction = "vpxord zmm0, zmm0, zmm0", How = "entry", Strong = true,
                    },
                ],
            },
        });

        var record = _archive.Replay(run, request => request with { Pin = new PinRequest(null, null, PinMode.Emulate) }).Record;

        Assert.Equal(ReplayVerdict.Refused, record.Verdict);
        Assert.Contains("avx512f", record.Assessment.Findings.Single(finding => finding.Rule == "EMU-1").Message, StringComparison.Ordinal);
        var cpu = record.Assessment.Findings.Where(finding => finding.Rule.StartsWith("CPU-", StringComparison.Ordinal));
        Assert.All(cpu, finding => Assert.Equal(Verdict.Ok, finding.Verdict));
    }

    [Fact]
    public void A_file_of_the_kernel_shows_the_recorded_processor_too()
    {
        var run = RecordedOn(_archive.Record("grep -E '^(model name|flags)' /proc/cpuinfo | sort -u > cpu.txt"), Nehalem());
        string scratch = _archive.Scratch;

        var result = _archive.Replay(run, request => request with { Pin = new PinRequest(null, null, PinMode.Auto), KeepScratch = true });

        string shown = File.ReadAllText(Directory.EnumerateFiles(scratch, "cpu.txt", SearchOption.AllDirectories).Single());
        Directory.Delete(result.ScratchFolder!, recursive: true);
        Assert.Contains(Nehalem().Brand, shown, StringComparison.Ordinal);
        Assert.Contains(" sse4_2 ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("avx", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Unpinned_it_differs_and_that_was_said_before()
    {
        var record = _archive.Replay(_run).Record;

        Assert.Equal(ReplayVerdict.Differs, record.Verdict);
        Assert.Null(record.Pinning);
        Assert.Equal(Verdict.Warn, record.Assessment.Findings.Single(finding => finding.Rule == "NUM-1").Verdict);
    }

    [Fact]
    public void A_processor_that_this_one_cannot_pass_for_is_refused()
    {
        var cpu = Nehalem();
        var run = RecordedOn(_run, cpu with { Features = [.. cpu.Features.Append("xop").Order(StringComparer.Ordinal)] });
        Assert.SkipWhen(HostProbe.Read().Cpu.Features.Contains("xop"), "this processor has the feature");

        var result = _archive.Replay(run, request => request with { Pin = new PinRequest(null, null, PinMode.Auto) });

        Assert.Equal(ReplayVerdict.Refused, result.Record.Verdict);
        var finding = result.Record.Assessment.Findings.Single(finding => finding.Rule == "NUM-5");
        Assert.EndsWith("it lacks xop", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_none_is_refused_and_not_believed()
    {
        var run = RecordedOn(_run, Nehalem() with { Cpuid = ["zz"] });

        var result = _archive.Replay(run, request => request with { Pin = new PinRequest(null, null, PinMode.Auto) });

        Assert.Equal(ReplayVerdict.Refused, result.Record.Verdict);
        Assert.Contains(result.Record.Assessment.Findings, finding => finding.Rule == "NUM-5");
    }

    private Digest RecordedOn(Digest run, CpuProfile cpu) => _archive.Forge(run, record => record with
    {
        Environment = [.. record.Environment.Where(variable => variable.Name != "BY")],
        Hosts = [record.Hosts[0] with { Cpu = cpu }],
    });

    private static CpuProfile Nehalem() => HostProbe.Read(new HostSources
    {
        Root = Path.Combine(AppContext.BaseDirectory, "no-such-folder"),
        Architecture = "amd64",
        Cpuid = CpuidTable.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Machines", "qemu-nehalem.cpuid"))).Read,
        Xcr0 = 0,
        Environment = _ => null,
        PageBytes = Environment.SystemPageSize,
    }).Cpu;
}
