using System.Diagnostics;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>What a record says that a job asks of a machine where nobody saw its calls.</summary>
public sealed class ExpectedRequirementsTests : IDisposable
{
    private const string Loader = "/lib64/ld-linux-x86-64.so.2", Library = "/lib/x86_64-linux-gnu/libc.so.6";
    private const string Avx2 = """
        void scale(double *x, double k) { for (int i = 0; i < 256; i++) x[i] = x[i] * k + k; }
        """;

    private readonly RecordedArchive _archive = new(furnish: WithCLibrary);

    public void Dispose() => _archive.Dispose();

    /// <summary>Nothing of it asks for more than any processor has, and nothing of it can load more.</summary>
    [Theory]
    [InlineData(ObserveMode.Mounts)]
    [InlineData(ObserveMode.None)]
    public void A_program_for_the_baseline_runs_on_an_older_processor(ObserveMode observe)
    {
        SkipElsewhere();
        var run = Record(["/usr/bin/plain"], observe);

        Assert.Equal((3, 0), (run.Requirements!.Files, run.Requirements.NotAnalysed.Count));
        Assert.Empty(run.Requirements.MayLoadMore!);
        Assert.Empty(run.Requirements.Must);
        Assert.Contains(run.Observation.NotSeen, sentence => sentence.StartsWith("which programs and libraries were loaded", StringComparison.Ordinal));
        var assessment = Assessor.Assess(run, Older());
        Assert.Equal(Answer.Yes, assessment.Runs);
        Assert.Contains(assessment.Findings, f => f is { Rule: "CPU-12", Verdict: Verdict.Ok });
    }

    /// <summary>A kernel that tells of nothing, as the container around us or its age has it.</summary>
    [Fact]
    public void What_could_not_be_observed_is_expected_too()
    {
        SkipElsewhere();
        var run = Record(["/usr/bin/plain"], ObserveMode.Calls, notObserved: "seccomp 'listener': Operation not permitted (EPERM)");

        Assert.Equal("mounts", run.Observation.Files);
        Assert.Equal(3, run.Requirements?.Files);
        Assert.Empty(run.Requirements!.MayLoadMore!);
    }

    [Fact]
    public void What_was_observed_is_no_expectation()
    {
        SkipElsewhere();
        var run = Record(["/usr/bin/plain"], ObserveMode.Calls);

        Assert.Equal(3, run.Requirements?.Files);
        Assert.Null(run.Requirements!.MayLoadMore);
        Assert.Equal([], run.KernelCalls);
    }

    /// <summary>A script of the working folder, its interpreter, a program that it is given, and that one's library beside it.</summary>
    [Fact]
    public void A_library_that_is_found_by_its_path_decides()
    {
        SkipElsewhere();
        Assert.SkipUnless(HostProbe.Read().Cpu.Features.Contains("avx2"), "this processor has no AVX2");
        Directory.CreateDirectory(Path.Combine(_archive.Work, "lib"));
        Compile("lib/libscale.so", Avx2, "-O3", "-mavx2", "-mfma", "-shared", "-fPIC");
        Compile(
            "solve", "void scale(double *, double); static double x[256]; int main(void) { scale(x, 2); return x[0] != 2; }",
            "-Llib", "-lscale", "-Wl,-rpath,$ORIGIN/lib");
        string script = _archive.Write("go.sh", "#!/bin/sh\nexec \"$1\"\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);

        var run = Record(["./go.sh", "./solve"], ObserveMode.None);

        Assert.Equal(0, run.Outcome.ExitCode);
        string library = Path.Combine(_archive.Work, "lib/libscale.so");
        Assert.Contains(run.Requirements!.Must, use => use.Path == library && use.Strong && use.Features.Contains("avx"));
        Assert.Equal(["/bin/busybox"], run.Requirements.MayLoadMore);
        var finding = Assert.Single(Assessor.Assess(run, Older()).Findings, f => f.Verdict == Verdict.Refuse);
        Assert.Equal("CPU-2", finding.Rule);
        Assert.Contains($"'{library}'", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_may_have_started_anything()
    {
        SkipElsewhere();
        var run = Record(["sh", "-c", "true"], ObserveMode.Mounts);

        Assert.Equal(["/bin/busybox"], run.Requirements?.MayLoadMore);
        var assessment = Assessor.Assess(run, Older());
        Assert.Equal(Answer.Unknown, assessment.Runs);
        var finding = Assert.Single(assessment.Findings, f => f.Rule == "CPU-12");
        Assert.Contains("'/bin/busybox' can open libraries or start programs", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>Landlock came with Linux 5.13; where it is switched off the call fails, and was made all the same.</summary>
    [Fact]
    public void Newer_system_calls_are_recorded_and_asked_for_by_an_older_kernel()
    {
        SkipElsewhere();
        Compile("locked", """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(void) {
              unsigned long long how[3] = { O_RDONLY };
              syscall(444, (void *)0, 0UL, 1U);
              syscall(437, AT_FDCWD, "/etc/passwd", how, sizeof how);
              syscall(437, AT_FDCWD, "/etc/passwd", how, sizeof how);
              return 0;
            }
            """);

        var run = Record(["./locked"], ObserveMode.Calls);

        Assert.Equal(["landlock_create_ruleset 5.13", "openat2 5.6"], run.KernelCalls!.Select(call => $"{call.Name} {call.Since}"));
        Assert.DoesNotContain(Assessor.Assess(run, HostProbe.Read()).Findings, f => f.Rule == "KERN-2");
        var here = HostProbe.Read();
        var finding = Assert.Single(Assessor.Assess(run, here with { Kernel = here.Kernel with { Release = "5.10.0" } }).Findings, f => f.Rule == "KERN-2");
        Assert.Equal((Verdict.Warn, "landlock_create_ruleset"), (finding.Verdict, finding.Evidence[0]));
    }

    private static void SkipElsewhere() =>
        Assert.SkipUnless(File.Exists("/usr/bin/gcc") && File.Exists(Library), "needs gcc, and a Debian for x86-64");

    /// <summary>A dynamic program with the C library that it was linked for.</summary>
    private static void WithCLibrary(string root)
    {
        if (!File.Exists("/usr/bin/gcc") || !File.Exists(Library))
        {
            return;
        }

        foreach (string file in new[] { Loader, Library })
        {
            Directory.CreateDirectory(root + Path.GetDirectoryName(file));
            File.Copy(File.ResolveLinkTarget(file, true)?.FullName ?? file, root + file);
        }

        string source = Path.Combine(root, "work", "plain.c");
        File.WriteAllText(source, "int main(void) { return 0; }");
        Assert.Equal(0, Run("/", "-o", root + "/usr/bin/plain", source));
    }

    private void Compile(string name, string source, params string[] options)
    {
        _archive.Write(name + ".c", source);
        Assert.Equal(0, Run(_archive.Work, ["-o", name, name + ".c", .. options]));
    }

    private static int Run(string folder, params string[] arguments)
    {
        using var gcc = Process.Start(new ProcessStartInfo("gcc", arguments) { WorkingDirectory = folder })!;
        gcc.WaitForExit();
        return gcc.ExitCode;
    }

    /// <summary>On a busy machine there may be no time for all files; what there was time for is in the cache, for the next.</summary>
    private RunRecord Record(string[] command, ObserveMode observe, string? notObserved = null)
    {
        const int Patience = 5;
        RunRecord run;
        int tried = 0;
        do
        {
            run = _archive.Load(_archive.Record(
                "", new RecordingOptions { Observe = observe }, request => request with { Arguments = command }, notObserved: notObserved)).Record;
        }
        while (run.Requirements is { NotAnalysed.Count: > 0 } && ++tried < Patience);
        Assert.Equal([], run.Requirements?.NotAnalysed);
        return run;
    }

    /// <summary>This machine, had it been made before AVX.</summary>
    private static HostProfile Older()
    {
        var here = HostProbe.Read();
        string[] left =
        [
            .. here.Cpu.Features.Where(f => !f.StartsWith("avx", StringComparison.Ordinal)
                && f is not ("fma" or "bmi1" or "bmi2" or "f16c" or "movbe" or "vaes" or "vpclmulqdq" or "gfni")),
        ];
        return here with { Cpu = here.Cpu with { Brand = "older", Level = "v2", Microarchitecture = "nehalem", Features = left, Cpuid = null } };
    }
}
