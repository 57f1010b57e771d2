using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>Jobs that take this processor for an emulated Nehalem of 2008, in real containers, beside the emulator itself.</summary>
public sealed class CpuidTrapTests
{
    private const string Emulator = "qemu-x86_64-static";

    private const string Cpuid = """
        #define _GNU_SOURCE
        #include <stdio.h>
        #include <string.h>
        static void id(unsigned l, unsigned s, unsigned *r) {
          __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(l), "c"(s)); }
        static void tell(void) {
          unsigned r[4], n[4]; char v[13] = "";
          id(0, 0, r); memcpy(v, r + 1, 4); memcpy(v + 4, r + 3, 4); memcpy(v + 8, r + 2, 4);
          id(1, 0xdead, n);
          printf("%s %x sse42=%d avx=%d avx2=%d fma=%d\n", v, n[0], __builtin_cpu_supports("sse4.2") != 0,
            __builtin_cpu_supports("avx") != 0, __builtin_cpu_supports("avx2") != 0, __builtin_cpu_supports("fma") != 0);
          fflush(stdout); }

        """;

    private const string Nehalem = "GenuineIntel 106a3 sse42=1 avx=0 avx2=0 fma=0\n";

    public CpuidTrapTests()
    {
        Assert.SkipUnless(JobTracer.IsSupported, "CPUID is answered on x86-64 alone");
        Assert.SkipUnless(HostProbe.Read().Cpu.Features.Contains("avx2"), "this processor is no newer than the one that is shown");
    }

    [Theory]
    [InlineData("a static program", 1, "int main(void) { tell(); return 0; }")]
    [InlineData("a thread", 2, """
        #include <pthread.h>
        static void *work(void *p) { tell(); return 0; }
        int main(void) { tell(); pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); return 0; }
        """)]
    [InlineData("a child by fork", 2, """
        #include <unistd.h>
        #include <sys/wait.h>
        int main(void) { if (fork() == 0) { tell(); _exit(0); } wait(0); tell(); return 0; }
        """)]
    [InlineData("a child by vfork and exec", 2, """
        #include <unistd.h>
        #include <sys/wait.h>
        int main(int c, char **v) { tell(); if (c > 1) return 0; if (vfork() == 0) { execl("/bin/job", "job", "x", (char *)0); _exit(9); } wait(0); return 0; }
        """)]
    [InlineData("a child by clone, with memory of its own", 2, """
        #include <sched.h>
        #include <signal.h>
        #include <stdlib.h>
        #include <sys/wait.h>
        static int work(void *p) { tell(); return 0; }
        int main(void) { char *s = malloc(1 << 16); clone(work, s + (1 << 16), SIGCHLD, 0); wait(0); tell(); return 0; }
        """)]
    [InlineData("a thread that executes another program", 2, """
        #include <pthread.h>
        #include <unistd.h>
        static void *work(void *p) { execl("/bin/job", "job", "x", (char *)0); return 0; }
        int main(int c, char **v) { tell(); if (c > 1) return 0; pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); return 1; }
        """)]
    public void The_other_processor_is_seen_by(string which, int times, string source)
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "job", Cpuid + source, "-static", "-pthread");

        var job = Pinned(root, "/bin/job");

        Assert.Equal(string.Concat(Enumerable.Repeat(Nehalem, times)), job.Output);
        Assert.True(job.Result.Status.ExitCode == 0, which);
        Assert.True(job.Result.Cpuid!.Answers > times, $"{job.Result.Cpuid.Answers} answers");
        Assert.Empty(job.Result.Cpuid.Gaps);
    }

    [Fact]
    public void Unpinned_it_sees_this_processor()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "job", Cpuid + "int main(void) { tell(); return 0; }", "-static");

        Assert.DoesNotContain("avx2=0", Job.Run(Job.Spec(root.Path, "/bin/job")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_loaded_later_sees_it_too()
    {
        using var root = BusyboxRoot.Make();
        CopyLoader(root);
        Compile(root, "late.so", Cpuid + "void late(void) { tell(); }", "-shared", "-fPIC");
        Compile(root, "job", """
            #include <dlfcn.h>
            int main(void) { void *l = dlopen("/bin/late.so", RTLD_NOW); ((void (*)(void))dlsym(l, "late"))(); return 0; }
            """);

        var job = Pinned(root, "/bin/job");

        Assert.Equal(Nehalem, job.Output);
    }

    [Fact]
    public void Bytes_that_only_look_like_the_instruction_are_left_alone()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "job", """
            #include <stdio.h>
            __attribute__((noinline)) unsigned hidden(void) { unsigned x; __asm__ volatile("movl $0x33a20f11, %0" : "=r"(x)); return x; }
            __asm__(".text\n.globl table\ntable: .byte 0x0f,0xa2,0x0f,0xa2,0xff,0xff,0x0f,0xa2\n");
            extern unsigned char table[];
            int main(void) { printf("%x", hidden()); for (int i = 0; i < 8; i++) printf(" %x", table[i]); return 0; }
            """, "-static");

        Assert.Equal("33a20f11 f a2 f a2 ff ff f a2", Pinned(root, "/bin/job").Output);
    }

    [Fact]
    public void Code_that_is_generated_is_named_as_a_gap()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "job", """
            #include <sys/mman.h>
            int main(void) { mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); return 0; }
            """, "-static");

        var gap = Assert.Single(Pinned(root, "/bin/job").Result.Cpuid!.Gaps);

        Assert.Contains("'/bin/job' generates", gap, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_of_libm_are_those_of_the_emulated_processor()
    {
        const string Functions = """
            #include <math.h>
            #include <stdio.h>
            #include <string.h>
            static unsigned long long h = 1469598103934665603ull;
            static void add(double v) { unsigned long long b; memcpy(&b, &v, 8); h = (h ^ b) * 1099511628211ull; }
            #define F(f) { h = 1469598103934665603ull; for (int i = 1; i < 20000; i++) add(f(i * 0.000137)); printf(#f " %llx\n", h); }
            #define G(f) { h = 1469598103934665603ull; for (int i = 1; i < 20000; i++) add(f(i * 0.000137, 1.7)); printf(#f " %llx\n", h); }
            int main(void) { F(sin) F(cos) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(tanh) F(exp) F(exp2) F(expm1) F(log) F(log2)
              F(log10) F(log1p) F(erf) F(erfc) F(tgamma) F(lgamma) F(j0) F(y0) F(cbrt) G(pow) G(atan2) G(hypot) return 0; }
            """;
        using var root = BusyboxRoot.Make();
        CopyLoader(root);
        Compile(root, "job", Functions, "-lm");
        Compile(root, "static", Functions, "-static", "-lm");

        var (status, reference) = Compiler.Run(Emulator, "-cpu", "Nehalem", "-L", root.Path, Path.Combine(root.Path, "bin", "job"));
        Assert.SkipWhen(status is null, $"no {Emulator} on this host");

        Assert.Equal(reference, Pinned(root, "/bin/job").Output);
        Assert.Equal(reference, Pinned(root, "/bin/static").Output);
        Assert.NotEqual(reference, Job.Run(Job.Spec(root.Path, "/bin/job")).Output);
    }

    /// <summary>
    /// Where no processor that faults on CPUID is at hand, HLT stands for it: it faults in the same way. The call by which a program asks
    /// for the fault is then one that does nothing.
    /// </summary>
    [Theory]
    [InlineData(37)]
    [InlineData(157)]
    public void A_processor_that_faults_is_answered_for(int call)
    {
        const int Alarm = 37;
        using var root = BusyboxRoot.Make();
        Compile(root, "job", """
            #include <stdio.h>
            #include <sys/mman.h>
            #include <string.h>
            #include <unistd.h>
            #include <sys/wait.h>
            static unsigned id(unsigned l) { unsigned a, b, c = 0, d; __asm__ volatile("hlt; nop" : "=a"(a), "=b"(b), "+c"(c), "=d"(d) : "a"(l)); return a; }
            static void run(void) { printf("%x\n", id(1)); fflush(stdout); }
            int main(void) { run(); if (fork() == 0) { run(); _exit(0); } wait(0);
              unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              memcpy(p, "\xb8\x01\0\0\0\xf4\x90\xc3", 8);
              unsigned a; __asm__ volatile("call *%1" : "=a"(a) : "r"(p) : "rbx", "rcx", "rdx"); printf("%x\n", a); return 0; }
            """, "-static");
        byte[] instruction = [0xf4, 0x90];

        var job = Job.Run(Job.Spec(root.Path, "/bin/job") with { Cpu = Shown(), Fault = new CpuidFault((ulong)call, 0, 0, instruction) });

        // In a child and in generated code as well. Where the call fails, breakpoints take its place, in the C library too.
        Assert.Equal("106a3\n106a3\n106a3\n", job.Output);
        Assert.Equal(call == Alarm, job.Result.Cpuid!.Answers == 3);
        Assert.Equal(call == Alarm, job.Result.Cpuid.Instructions == 1);
        Assert.Equal(call == Alarm, job.Result.Cpuid.Gaps.Count == 0);
    }

    [Fact]
    public void An_observer_sees_all_of_it_beside()
    {
        using var root = BusyboxRoot.Make();
        Compile(root, "job", Cpuid + "int main(void) { tell(); return 0; }", "-static");
        int told = 0;

        var job = Job.Run(Job.Spec(root.Path, "sh", "-c", "/bin/job; cat /etc/passwd > /tmp/x; /bin/job") with
        {
            Cpu = Shown(),
            Observe = _ => Interlocked.Increment(ref told),
        });

        Assert.Equal(Nehalem + Nehalem, job.Output);
        Assert.Null(job.Result.NotObserved);
        Assert.True(told > 5, $"{told} events");
    }

    private static Job Pinned(BusyboxRoot root, params string[] argv) => Job.Run(Job.Spec(root.Path, argv) with { Cpu = Shown() });

    /// <summary>As <c>qemu-x86_64 -cpu Nehalem</c> answers.</summary>
    private static PinnedCpu Shown() => new(
        CpuidTable.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Machines", "qemu-nehalem.cpuid"))).Read,
        HostSources.Live().Cpuid!);

    private static void Compile(BusyboxRoot root, string name, string source, params string[] options)
    {
        string file = Path.Combine(root.Path, "work", name + ".c");
        BusyboxRoot.Write(file, source);
        var (status, errors) = Compiler.Run("gcc", ["-O1", "-fno-builtin", "-o", Path.Combine(root.Path, "bin", name), file, .. options]);
        Assert.SkipWhen(status is null, "no C compiler on this host");
        Assert.True(status == 0, errors);
    }

    private static void CopyLoader(BusyboxRoot root)
    {
        Directory.CreateDirectory(Path.Combine(root.Path, "lib64"));
        Directory.CreateDirectory(Path.Combine(root.Path, "lib"));
        foreach (var (from, to) in new[]
            { ("/lib64/ld-linux-x86-64.so.2", "lib64"), ("/lib/x86_64-linux-gnu/libc.so.6", "lib"), ("/lib/x86_64-linux-gnu/libm.so.6", "lib") })
        {
            Assert.SkipUnless(File.Exists(from), $"no {from} on this host");
            File.Copy(from, Path.Combine(root.Path, to, Path.GetFileName(from)));
        }
    }
}
