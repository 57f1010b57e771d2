using Provenance.Archive.Records;
using Provenance.Kernel.Tests.Observing;
using Provenance.Kernel.Tests.Recording;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>A job that ends by SIGILL is told at which instruction, in real containers and with real faults of this processor.</summary>
public sealed class SigillTests
{
    private const int SigillStatus = 132;

    /// <summary>Instructions of extensions that no one processor has all of: AMD's of 2011, Intel's of 2023.</summary>
    private static readonly (string Feature, string Assembly, string Instruction)[] Rare =
    [
        ("xop", ".byte 0x8f,0xe8,0x78,0xb6,0xc1,0x20", "vpmadcswd xmm0, xmm0, xmm1, xmm2"),
        ("fma4", "vfmaddps %xmm0, %xmm1, %xmm2, %xmm3", "vfmaddps xmm3, xmm2, xmm1, xmm0"),
        ("amx_tile", "tilezero %tmm0", "tilezero tmm0"),
        ("avx512_4fmaps", "v4fmaddps (%rsp), %zmm4, %zmm0", "v4fmaddps zmm0, zmm4, xmmword ptr [rsp]"),
    ];

    public SigillTests() => Assert.SkipUnless(JobTracer.IsSupported, "jobs are followed on x86-64 alone");

    [Fact]
    public void An_extension_that_this_processor_lacks_is_named()
    {
        using var root = BusyboxRoot.Make();
        var features = HostProbe.Read().Cpu.Features;
        var (feature, assembly, text) = Rare.First(one => !features.Contains(one.Feature));

        var illegal = Run(root, $$"""
            __attribute__((noinline)) void kernel(void) { __asm__ volatile("{{assembly}}"); }
            int main(void) { kernel(); return 0; }
            """).Illegal;

        Assert.NotNull(illegal);
        Assert.Equal(text, illegal.Instruction);
        Assert.Equal([feature], illegal.Missing);
        Assert.Equal("kernel", illegal.Function);
        Assert.Equal(("/bin/job", "/bin/job"), (illegal.Program, illegal.File));
        Assert.Equal(illegal.Bytes, BytesAt(root, illegal));
    }

    [Fact]
    public void An_instruction_that_no_processor_has_needs_nothing()
    {
        using var root = BusyboxRoot.Make();

        var result = Run(root, "int main(void) { __builtin_trap(); }");

        Assert.Equal(SigillStatus, result.Status.ShellCode);
        Assert.Equal("ud2", result.Illegal?.Instruction);
        Assert.Equal("0f0b", result.Illegal?.Bytes);
        Assert.Empty(result.Illegal!.Needed);
    }

    [Theory]
    [InlineData("a thread", """
        #include <pthread.h>
        static void *work(void *p) { __builtin_trap(); }
        int main(void) { pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); return 0; }
        """)]
    [InlineData("a child", """
        #include <unistd.h>
        #include <sys/wait.h>
        __attribute__((noinline)) static void work(void) { __builtin_trap(); }
        int main(void) { int s; if (fork() == 0) work(); wait(&s); return 128 + (s & 127); }
        """)]
    [InlineData("a child by vfork and exec", """
        #include <unistd.h>
        #include <sys/wait.h>
        __attribute__((noinline)) static void work(void) { __builtin_trap(); }
        int main(int c, char **v) { int s; if (c > 1) work(); if (vfork() == 0) execl("/bin/job", "job", "x", (char *)0); wait(&s); return 128 + (s & 127); }
        """)]
    public void It_is_seen_in(string where, string source)
    {
        using var root = BusyboxRoot.Make();

        var result = Run(root, source);

        Assert.True(result.Status.ShellCode == SigillStatus, where);
        Assert.Equal("work", result.Illegal?.Function);
    }

    [Fact]
    public void A_function_without_a_symbol_is_named_by_its_place()
    {
        using var root = BusyboxRoot.Make();

        var illegal = Run(root, "int main(void) { __builtin_trap(); }", "-s").Illegal;

        Assert.StartsWith("function at 0x", illegal?.Function, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_was_generated_has_no_file()
    {
        using var root = BusyboxRoot.Make();

        var illegal = Run(root, """
            #include <sys/mman.h>
            #include <string.h>
            int main(void) {
              void *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              memcpy(p, "\x0f\x0b", 2); ((void (*)(void))p)(); return 0; }
            """).Illegal;

        Assert.Equal("ud2", illegal?.Instruction);
        Assert.Null(illegal!.File);
        Assert.Null(illegal.Function);
    }

    [Theory]
    [InlineData("that is caught", """
        #include <signal.h>
        #include <unistd.h>
        static void caught(int s) { _exit(0); }
        int main(void) { signal(SIGILL, caught); __builtin_trap(); }
        """, 0)]
    [InlineData("that somebody sent", "#include <signal.h>\nint main(void) { raise(SIGILL); return 0; }", SigillStatus)]
    public void A_signal_says_nothing(string which, string source, int status)
    {
        using var root = BusyboxRoot.Make();

        var result = Run(root, source);

        Assert.True(result.Status.ShellCode == status, which);
        Assert.Null(result.Illegal);
    }

    [Theory]
    [InlineData("PTRACE_TRACEME", """
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        int main(void) { int s; pid_t p = fork(); if (!p) { if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(3); raise(SIGSTOP); _exit(7); }
          waitpid(p, &s, 0); if (!WIFSTOPPED(s)) return 1; ptrace(PTRACE_CONT, p, 0, 0); waitpid(p, &s, 0); return WEXITSTATUS(s); }
        """)]
    [InlineData("PTRACE_SEIZE", """
        #include <signal.h>
        #include <unistd.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        int main(void) { int s; pid_t p = fork(); if (!p) { raise(SIGSTOP); _exit(7); }
          waitpid(p, &s, WUNTRACED); if (ptrace(PTRACE_SEIZE, p, 0, 0)) return 2; kill(p, SIGCONT);
          for (;;) { waitpid(p, &s, __WALL); if (WIFEXITED(s)) return WEXITSTATUS(s); ptrace(PTRACE_CONT, p, 0, 0); } }
        """)]
    public void A_debugger_in_the_job_works_as_ever(string request, string source)
    {
        using var root = BusyboxRoot.Make();

        var result = Run(root, source);

        Assert.True(result.Status.ExitCode == 7, $"{request}: {result.Status}");
    }

    [Theory]
    [InlineData("strace", false)]
    [InlineData("strace", true)]
    [InlineData("gdb", false)]
    [InlineData("gdb", true)]
    public void A_debugger_of_the_host_sees_a_program_to_its_end(string debugger, bool observed)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{debugger}"), $"no {debugger} on this host");
        string folder = Directory.CreateTempSubdirectory("prov-debugged-").FullName;
        // More stops than anybody would follow: each is a signal to the debugger.
        const string Script = "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i + 1)); done; exit 7";
        string[] argv = debugger == "strace"
            ? ["strace", "-f", "-o", Path.Combine(folder, "log"), "sh", "-c", Script]
            : ["gdb", "-batch", "-nx", "-ex", "run", "/bin/false"];
        var spec = ObservedJob.OnHost(folder, argv);

        var (result, output) = observed
            ? ObservedJob.Run(spec) is var seen ? (seen.Result, seen.Output) : default
            : Job.Run(spec) is var job ? (job.Result, job.Output) : default;

        Assert.Equal(debugger == "strace" ? 7 : 0, result.Status.ExitCode);
        if (debugger == "gdb")
            Assert.Contains("exited with code 01", output, StringComparison.Ordinal);
        else
            Assert.True(File.ReadLines(Path.Combine(folder, "log")).Count(line => line.Contains("execve(\"/bin/true\"", StringComparison.Ordinal)) == 300);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_debugger_takes_over_a_process_that_is_followed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gdb"), "no gdb on this host");
        string folder = Directory.CreateTempSubdirectory("prov-debugged-").FullName;

        var job = Job.Run(ObservedJob.OnHost(folder, "sh", "-c", """
            sleep 100 & p=$!
            gdb -batch -nx -p $p -ex 'info registers rip' 2>&1 | grep -c '^rip'
            kill $p; { wait $p; } 2> /dev/null; echo $?
            """));

        Directory.Delete(folder, recursive: true);
        Assert.Equal("1\n143\n", job.Output);
    }

    [Fact]
    public void A_job_of_many_processes_is_let_go_and_explained_afterwards()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "__attribute__((noinline)) void kernel(void) { __builtin_trap(); }\nint main(void) { kernel(); return 0; }");

        var job = Job.Shell(root, "i=0; while [ $i -lt 400 ]; do /bin/busybox true; i=$((i + 1)); done; /bin/job; exit $?");

        Assert.Equal(SigillStatus, job.Result.Status.ShellCode);
        if (MayReadLog())
        {
            Assert.Equal(("ud2", "kernel", true), (job.Result.Illegal?.Instruction, job.Result.Illegal?.Function, job.Result.Illegal?.FromLog));
            Assert.Equal(job.Result.Illegal!.Bytes, BytesAt(root, job.Result.Illegal));
        }
        else
        {
            Assert.Null(job.Result.Illegal);
            Assert.True(job.Result.IsIllegalUnexplained);
        }
    }

    [Fact]
    public void Without_a_bound_it_is_followed_to_its_end()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "__attribute__((noinline)) void kernel(void) { __builtin_trap(); }\nint main(void) { kernel(); return 0; }");

        var job = Job.Shell(
            root, "i=0; while [ $i -lt 400 ]; do /bin/busybox true; i=$((i + 1)); done; /bin/job; exit $?", spec => spec with { FollowAll = true });

        Assert.Equal(("ud2", "kernel", null), (job.Result.Illegal?.Instruction, job.Result.Illegal?.Function, job.Result.Illegal?.FromLog));
    }

    [Fact]
    public void Stopping_and_going_on_is_not_disturbed()
    {
        using var root = BusyboxRoot.Make();

        var job = Job.Shell(root, """
            sleep 0.2 & p=$!
            kill -STOP $p
            until grep -q '^State:.*stop' /proc/$p/status; do :; done
            sleep 0.4; grep -c '^State:.*stop' /proc/$p/status
            kill -CONT $p; wait $p; echo $?
            """);

        Assert.Equal("1\n0\n", job.Output);
    }

    [Fact]
    public void It_stands_in_the_record_beside_an_observer()
    {
        using var archive = new RecordedArchive();
        string source = archive.Write("trap.c", "int main(void) { __builtin_trap(); }");
        Compile(source, archive.Write("trap", ""), "-static");

        var run = archive.Record("./trap; true");

        var illegal = archive.Load(run).Record.Outcome.IllegalInstruction;
        Assert.Equal(("ud2", "main"), (illegal?.Instruction, illegal?.Function));
        Assert.Equal(0, archive.Load(run).Record.Outcome.ExitCode);
    }

    private static bool MayReadLog()
    {
        using var log = KernelLog.TryOpen();
        return log is not null;
    }

    private static void Compile(BusyboxRoot root, string source, params string[] options)
    {
        string file = Path.Combine(root.Path, "work", "job.c");
        BusyboxRoot.Write(file, source);
        Compile(file, Path.Combine(root.Path, "bin", "job"), ["-static", "-pthread", .. options]);
    }

    private static ContainerResult Run(BusyboxRoot root, string source, params string[] options)
    {
        Compile(root, source, options);
        return Job.Run(Job.Spec(root.Path, "/bin/job")).Result;
    }

    private static void Compile(string source, string output, params string[] options)
    {
        var (status, errors) = Compiler.Run("gcc", ["-O1", "-o", output, source, .. options]);
        Assert.SkipWhen(status is null, "no C compiler on this host");
        Assert.True(status == 0, errors);
    }

    private static string BytesAt(BusyboxRoot root, IllegalInstruction illegal)
    {
        using var file = File.OpenRead(root.Path + illegal.File);
        file.Position = Convert.ToInt64(illegal.FileOffset, 16);
        byte[] bytes = new byte[illegal.Bytes.Length / 2];
        file.ReadExactly(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
