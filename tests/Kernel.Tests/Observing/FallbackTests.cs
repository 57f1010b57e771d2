using System.Diagnostics;
using System.Globalization;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>Hosts on which calls cannot be observed: the job runs all the same, and it is said why.</summary>
public sealed class FallbackTests : IDisposable
{
    private const string Denied = "PROV_TEST_DENIED";
    private const string Keeper = "PROV_TEST_KEEPER";

    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    /// <summary>As a container around us denies it, and as kernels before 5.5 do.</summary>
    [Theory]
    [InlineData("seccomp 'listener': Operation not permitted (EPERM)", "SYS_seccomp", 1, Processes.SECCOMP_FILTER_FLAG_NEW_LISTENER, "EPERM")]
    [InlineData("seccomp 'listener': Function not implemented (ENOSYS)", "SYS_seccomp", 1, Processes.SECCOMP_FILTER_FLAG_NEW_LISTENER, "ENOSYS")]
    [InlineData(
        "seccomp 'continue': Invalid argument (EINVAL)", "SYS_ioctl", 1, unchecked((int)SeccompListener.SECCOMP_IOCTL_NOTIF_SEND), "EINVAL")]
    public void The_job_runs_without(string reason, string call, int argument, int value, string errno)
    {
        string? deny = CProgram.Compile(_root, "deny", $$"""
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
              struct sock_filter filter[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, {{call}}, 0, 3),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[{{argument}}])),
                BPF_STMT(BPF_ALU | BPF_AND | BPF_K, {{value}}),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, {{value}}, 1, 0),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | {{errno}}),
              };
              struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
              prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
              if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 125;
              execv(argv[1], argv + 1);
              return 126;
            }
            """);
        Assert.SkipWhen(deny is null, "no C compiler that links statically on this host");
        var start = new ProcessStartInfo(
            Path.Combine(_root.Path, "bin/deny"),
            [Environment.ProcessPath!, "-noColor", "-method", $"{typeof(FallbackTests).FullName}.{nameof(Helper_runs_a_job_that_cannot_be_observed)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Denied] = reason;

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Helper_runs_a_job_that_cannot_be_observed()
    {
        string? reason = Environment.GetEnvironmentVariable(Denied);
        Assert.SkipWhen(reason is null, "the helper of another test");
        var events = new List<ObservedEvent>();
        using var container = Container.Start(
            Job.Spec(_root.Path, "sh", "-c", "cat /etc/passwd > /dev/null; exit 7") with { Observe = events.Add }, TimeProvider.System);

        var result = container.Wait();

        Assert.Equal(7, result.Status.ExitCode);
        Assert.Equal($"calls are not observed: {reason}", result.NotObserved);
        Assert.Empty(events);
    }

    [Fact]
    public void A_killed_keeper_takes_the_job_with_it_in_the_middle_of_its_calls()
    {
        string told = Path.Combine(Directory.CreateTempSubdirectory("prov-keeper-").FullName, "pid");
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["-noColor", "-method", $"{typeof(FallbackTests).FullName}.{nameof(Helper_keeps_a_job_for_ever)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Keeper] = told;
        using var keeper = Process.Start(start)!;
        WaitFor(() => File.Exists(told) || keeper.HasExited);
        int job = int.Parse(File.ReadAllText(told), CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{job}"));

        keeper.Kill();
        keeper.WaitForExit();

        WaitFor(() => !Directory.Exists($"/proc/{job}"));
        Directory.Delete(Path.GetDirectoryName(told)!, recursive: true);
    }

    [Fact]
    public void Helper_keeps_a_job_for_ever()
    {
        string? told = Environment.GetEnvironmentVariable(Keeper);
        Assert.SkipWhen(told is null, "the helper of another test");
        int seen = 0;
        using var container = Container.Start(
            Job.Spec(_root.Path, "sh", "-c", "while :; do cat /etc/passwd > /dev/null; done") with { Observe = _ => seen++ },
            TimeProvider.System);
        WaitFor(() => seen > 100);
        BusyboxRoot.Write(told + ".part", $"{container.Pid}");
        File.Move(told + ".part", told);
        container.Wait();
    }

    private static void WaitFor(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "waited for half a minute");
            Thread.Sleep(10);
        }
    }

    [Fact]
    public void Without_an_observer_nothing_is_said() =>
        Assert.Null(Job.Shell(_root, "true").Result.NotObserved);
}
