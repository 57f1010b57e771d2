using Provenance.Kernel.Tests.Observing;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>Jobs all of whose programs qemu runs, in real containers.</summary>
public sealed class EmulationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-emulated-").FullName;
    private readonly string _program;

    public EmulationTests()
    {
        Assert.SkipUnless(JobTracer.IsSupported, "x86-64 alone is emulated");
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 7), "this kernel has one binfmt_misc for all");
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-x86_64-static"), "no qemu-x86_64-static on this host");
        _program = Path.Combine(_folder, "tell");
        string source = Path.Combine(_folder, "tell.c");
        File.WriteAllText(source, """
            #include <cpuid.h>
            #include <stdio.h>
            int main(void) { unsigned a, b, c, d; __get_cpuid(1, &a, &b, &c, &d); printf("%x avx=%d\n", a, c >> 28 & 1); return 0; }
            """);
        var (status, errors) = Compiler.Run("gcc", "-O1", "-o", _program, source);
        Assert.SkipWhen(status is null, "no C compiler on this host");
        Assert.True(status == 0, errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_job_starts_is_emulated_too(bool observed)
    {
        string script = Path.Combine(_folder, "script");
        File.WriteAllText(script, $"#!/bin/sh\n{_program}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var spec = Emulated("sh", "-c", $"{_program}; {script}; env -i QEMU_CPU=Nehalem {_program}; id -u");

        string output = observed ? ObservedJob.Run(spec).Output : Job.Run(spec).Output;

        Assert.Equal(string.Concat(Enumerable.Repeat("106a3 avx=0\n", 3)) + Caller.Current().Uid + "\n", output);
    }

    [Fact]
    public void The_status_is_the_jobs() => Assert.Equal(7, Job.Run(Emulated("sh", "-c", "exit 7")).Result.Status.ExitCode);

    [Fact]
    public void What_qemu_lacks_of_a_model_is_not_said_to_the_job()
    {
        var emulator = Emulator.Find("Haswell");
        var spec = ObservedJob.OnHost(_folder, _program);

        Assert.Equal("306c4 avx=1\n", Job.Run(spec with { Emulator = emulator, Environment = [.. spec.Environment, emulator.Variable] }).Output);
    }

    [Theory]
    [InlineData("the program", "int main(void) { kernel(); return 0; }")]
    [InlineData("a thread", "int main(void) { pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); return 0; }")]
    [InlineData("a child", "int main(void) { int s; if (fork() == 0) kernel(); wait(&s); return 0; }")]
    public void An_instruction_that_it_refuses_is_told(string where, string main)
    {
        string source = Path.Combine(_folder, "job.c"), job = Path.Combine(_folder, "job");
        File.WriteAllText(source, $$"""
            #include <pthread.h>
            #include <unistd.h>
            #include <sys/wait.h>
            __attribute__((noinline)) void kernel(void) { __asm__ volatile("vpaddd %ymm0, %ymm1, %ymm2"); }
            void *work(void *p) { kernel(); return p; }
            {{main}}
            """);
        Assert.Equal((0, ""), Compiler.Run("gcc", "-O1", "-pthread", "-o", job, source));

        var illegal = Job.Run(Emulated(job)).Result.Illegal;

        Assert.True(illegal is not null, where);
        Assert.Equal(("vpaddd ymm2, ymm1, ymm0", "kernel", job, job), (illegal.Instruction, illegal.Function, illegal.File, illegal.Program));
        Assert.Equal(["avx2"], illegal.Missing);
    }

    [Fact]
    public void A_signal_that_was_sent_says_nothing() => Assert.Null(Job.Run(Emulated("sh", "-c", "kill -ILL $$")).Result.Illegal);

    [Fact]
    public void A_processor_is_emulated_by_its_number_and_features()
    {
        var here = HostProbe.Read().Cpu;
        string[] features = [.. here.Features.Where(name => !name.StartsWith("avx", StringComparison.Ordinal))];
        var emulator = Emulator.FindAs(here with { Vendor = "GenuineIntel,+avx", Family = 6, Model = 26, Stepping = 5, Features = features });
        var spec = ObservedJob.OnHost(_folder, _program);

        Assert.Equal("106a5 avx=0\n", Job.Run(spec with { Emulator = emulator, Environment = [.. spec.Environment, emulator.Variable] }).Output);
        Assert.DoesNotContain("vendor", emulator.Variable.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("avx", string.Join(' ', emulator.NotEmulated), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_qemu_does_not_have_is_refused() =>
        Assert.Contains("has no CPU 'Merced'", Assert.Throws<SandboxException>(() => Emulator.Find("Merced")).Message, StringComparison.Ordinal);

    private ContainerSpec Emulated(params string[] argv)
    {
        var emulator = Emulator.Find("Nehalem");
        var spec = ObservedJob.OnHost(_folder, argv);
        return spec with { Emulator = emulator, Environment = [.. spec.Environment, emulator.Variable] };
    }
}
