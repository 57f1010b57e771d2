using System.Diagnostics;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>
/// The interpreter of system calls on both architectures, driven by a small C program: arm64's under qemu's user emulation,
/// as far as that goes, which is without namespaces.
/// </summary>
public sealed class ForeignStubTests
{
    private const string Harness = """
        // Freestanding: the cross compiler alone is enough, without a C library for the other architecture.
        typedef long word;
        struct step { word nr, a[6]; word *result; word match; struct step *matched, *success, *error; int index, no; word report; };
        static unsigned char code[] = { CODE };
        static word pid;
        static struct step steps[16];
        static int reports[2], used;
        static word call(word nr, word a, word b, word c, word d, word e, word f) {
        #ifdef __aarch64__
          register word x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c,
            x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
          __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
          return x0;
        #else
          register word r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
          __asm__ volatile("syscall" : "+a"(nr) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
          return nr;
        #endif
        }
        static void text(const char *s) { word n = 0; while (s[n]) n++; call(NR_write, 1, (word)s, n, 0, 0, 0); }
        static void number(int n) {
          char buffer[12]; int at = 11; buffer[at] = 0; int negative = n < 0; if (negative) n = -n;
          do buffer[--at] = '0' + n % 10; while (n /= 10);
          if (negative) buffer[--at] = '-';
          text(buffer + at);
        }
        static struct step *add(word nr, word a, word b, word c, word d) {
          struct step *s = &steps[used];
          s->nr = nr; s->a[0] = a; s->a[1] = b; s->a[2] = c; s->a[3] = d; s->result = 0; s->match = (word)(1UL << 63);
          s->matched = s->success = s + 1; s->error = 0; s->index = used++; s->no = 0; s->report = reports[1];
          return s;
        }
        static void start(void) {
          used = 0;
          struct step *c = add(NR_clone, 17, 0, 0, 0), *r = add(-1, 0, 0, 0, 0);
          c->match = 0; c->matched = r + 1; c->success = r; c->error = r; c->result = &pid;
        }
        static char *page;
        static void show(const char *what) {
          int status = 0, report[2] = { -1, 0 };
          ((word (*)(struct step *))page)(steps);
          call(NR_wait4, pid, (word)&status, 0, 0, 0, 0);
          call(NR_read, reports[0], (word)report, sizeof report, 0, 0, 0);
          text(what); text(" exit="); number(status >> 8 & 255); text(" signal="); number(status & 127);
          text(" step="); number(report[0]); text(" errno="); number(report[1]); text("\n");
        }
        void begin(void) {
          static char *argv[] = { "sh", "-c", "exit 7", 0 }, *envp[] = { 0 };
          page = (char *)call(NR_mmap, 0, 4096, 3, 0x22, -1, 0);
          for (word i = 0; i < sizeof code; i++) page[i] = code[i];
          call(NR_mprotect, (word)page, 4096, 5, 0, 0, 0);
          __builtin___clear_cache(page, page + 4096);
          call(NR_pipe2, (word)reports, 04000, 0, 0, 0, 0);
          start(); add(NR_write, 1, (word)"hello\n", 6, 0); add(NR_exit_group, 42, 0, 0, 0); show("exit");
          start(); add(NR_execve, (word)"/bin/sh", (word)argv, (word)envp, 0); show("exec");
          start(); add(NR_openat, -100, (word)"/nowhere", 0, 0); show("failure");
          start(); add(NR_openat, -100, (word)"/nowhere", 0, 0)->error = &steps[4];
          add(NR_exit_group, 1, 0, 0, 0); add(NR_exit_group, 43, 0, 0, 0); show("error way");
          start(); struct step *open = add(NR_openat, -100, (word)"/dev/null", 1, 0);
          struct step *write = add(NR_write, 0, (word)"xyz", 3, 0);
          open->result = &write->a[0]; write->match = 3; write->matched = &steps[5];
          add(NR_exit_group, 1, 0, 0, 0); add(NR_exit_group, 44, 0, 0, 0); show("result and match");
        #ifdef __aarch64__
          word here = 4096;
          __asm__ volatile("msr tpidr_el0, %0" : : "r"(here));
          text("thread "); number(((word (*)(void))(page + THREAD))() == here); text("\n");
        #else
          word here[1] = { (word)here };
          call(158, 0x1002, (word)here, 0, 0, 0, 0);
          text("thread "); number(((word (*)(void))(page + THREAD))() == (word)here); text("\n");
        #endif
          call(NR_exit_group, 0, 0, 0, 0, 0, 0);
        }
        void _start(void) { __asm__ volatile(ENTRY); }
        """;

    private const string Expected = """
        hello
        exit exit=42 signal=0 step=-1 errno=0
        exec exit=7 signal=0 step=-1 errno=0
        failure exit=125 signal=0 step=2 errno=2
        error way exit=43 signal=0 step=-1 errno=0
        result and match exit=44 signal=0 step=-1 errno=0
        thread 1

        """;

    [Theory]
    [InlineData("gcc", null, StubCode.StepsX64, StubCode.X64ThreadPointerOffset)]
    [InlineData("aarch64-linux-gnu-gcc", "qemu-aarch64-static", StubCode.StepsArm64, StubCode.Arm64ThreadPointerOffset)]
    public void The_interpreter_does_what_the_steps_say(string compiler, string? emulator, string code, int thread)
    {
        string folder = Directory.CreateTempSubdirectory("prov-harness-").FullName;
        string source = Path.Combine(folder, "harness.c"), program = Path.Combine(folder, "harness");
        string bytes = string.Join(',', Convert.FromHexString(code).Select(b => $"0x{b:x2}"));
        BusyboxRoot.Write(source, $"#define CODE {bytes}\n#define THREAD {thread}\n{Numbers(emulator is not null)}{Harness}");
        string? built = Run(
            compiler, "-w", "-O1", "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-o", program, source, "-lgcc");
        Assert.SkipWhen(built is null, $"no {compiler} on this host");
        string? output = emulator is null ? Run(program) : Run(emulator, program);
        Assert.SkipWhen(output is null, $"no {emulator} on this host");
        Directory.Delete(folder, recursive: true);
        Assert.Equal(Expected, output);
    }

    private static string Numbers(bool arm64)
    {
        Syscall[] calls =
        [
            Syscall.Write, Syscall.Read, Syscall.Clone, Syscall.Wait4, Syscall.ExitGroup, Syscall.Execve, Syscall.Openat,
            new("mmap", 9, 222), new("mprotect", 10, 226), new("pipe2", 293, 59),
        ];
        return string.Concat(calls.Select(call => $"#define NR_{call.Name} {(arm64 ? call.Arm64 : call.X64)}\n"))
            + (arm64 ? "#define ENTRY \"bl begin\"\n" : "#define ENTRY \"and $-16, %rsp; call begin\"\n");
    }

    /// <summary>Null when there is no such program here.</summary>
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
