using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>How jobs end, and what they inherit, as whoever runs the tests.</summary>
public sealed class ContainerTests : IDisposable
{
    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Exit_codes_are_the_jobs_own()
    {
        foreach (int code in new[] { 0, 1, 2, 77, 125, 126, 127, 128, 137, 254, 255 })
        {
            var job = Job.Shell(_root, $"exit {code}");
            Assert.Equal((code, null, code), (job.Result.Status.ExitCode, job.Result.Status.Signal, job.Result.Status.ShellCode));
        }
    }

    [Theory]
    [InlineData(Signals.SIGKILL)]
    [InlineData(Signals.SIGTERM)]
    [InlineData(Signals.SIGSEGV)]
    [InlineData(Signals.SIGPIPE)]
    [InlineData(Signals.SIGINT)]
    public void The_signal_that_ends_a_job_is_told(int signal)
    {
        // A shell starts what it puts into the background so, and a job gets such signals as we have them.
        Assert.SkipWhen(Dispositions.Get(signal).handler == (nint)Processes.SIG_IGN && signal != Signals.SIGPIPE, "we ignore it ourselves");
        var job = Job.Shell(_root, $"kill -{signal} $$; sleep 5");
        Assert.Equal((null, signal, 128 + signal), (job.Result.Status.ExitCode, job.Result.Status.Signal, job.Result.Status.ShellCode));
    }

    [Fact]
    public void A_job_has_processes_of_its_own_and_is_not_the_first()
    {
        var job = Job.Shell(_root, "echo $$");
        Assert.Equal("2\n", job.Output);
        Assert.True(job.Result.PidNamespace);
        Assert.Empty(job.Result.Notes);
    }

    [Fact]
    public void Processes_left_in_the_background_end_with_the_job()
    {
        var job = Job.Shell(_root, "sleep 98765 & sh -c 'sleep 98765 & sleep 98765' & sleep 0.2; exit 3");
        Assert.Equal(3, job.Result.Status.ExitCode);
        Assert.Empty(RunningProcess.With("sleep", "98765"));
    }

    [Fact]
    public void Orphans_are_reaped_while_the_job_runs()
    {
        var job = Job.Shell(
            _root, "for i in 1 2 3 4 5; do sh -c 'true & exit 0'; done; sleep 0.3; cat /proc/[0-9]*/stat | grep -c ' Z '");
        Assert.Equal("0\n", job.Output);
    }

    [Fact]
    public void Without_a_process_tree_of_its_own_a_job_runs_and_leaves_nothing_either()
    {
        var job = Job.Shell(
            _root, "sleep 98764 & sh -c 'sleep 98764 & sleep 98764' & sleep 0.2; echo $$; exit 4",
            spec => spec with { PidNamespace = false });
        Assert.Equal(4, job.Result.Status.ExitCode);
        Assert.NotEqual("2\n", job.Output);
        Assert.False(job.Result.PidNamespace);
        Assert.Empty(RunningProcess.With("sleep", "98764"));
    }

    [Fact]
    public void No_signal_is_blocked_and_the_pipe_signal_is_at_its_default()
    {
        var job = Job.Shell(_root, "sed -n 's/^Sig...:.//p' /proc/self/status");
        ulong[] sets = [.. job.Output.Split('\n').Skip(0).Take(4).Select(text => Convert.ToUInt64(text, 16))];
        var (blocked, ignored, caught) = (sets[1], sets[2], sets[3]);
        // Whoever runs the tests may have others ignored, which is kept.
        Assert.Equal((0ul, 0ul, 0ul), (blocked, ignored & (1ul << (Signals.SIGPIPE - 1)), caught));
    }

    [Fact]
    public void A_signal_sent_to_the_container_reaches_the_job()
    {
        var spec = Job.Spec(_root.Path, "sleep", "98763");
        using var container = Container.Start(spec, TimeProvider.System);
        container.Signal(Signals.SIGUSR1);
        Assert.Equal(Signals.SIGUSR1, container.Wait().Status.Signal);
    }

    [Fact]
    public void A_container_that_is_disposed_of_is_gone()
    {
        var container = Container.Start(Job.Spec(_root.Path, "sleep", "98762"), TimeProvider.System);
        Assert.NotEmpty(RunningProcess.With("sleep", "98762"));
        container.Dispose();
        Assert.Empty(RunningProcess.With("sleep", "98762"));
    }

    [Fact]
    public void Descriptors_of_a_launcher_are_kept_and_ours_are_not()
    {
        using var file = File.OpenHandle(Path.Combine(_root.Path, "work/said"), FileMode.Create, FileAccess.Write);
        int passed = Libc.fcntl((int)file.DangerousGetHandle(), 0, 9);
        Assert.True(passed >= 9);
        try
        {
            var given = Inherited();
            var job = Job.Shell(_root, $"echo hello >&{passed}; ls /proc/self/fd");
            Assert.Equal("hello\n", File.ReadAllText(Path.Combine(_root.Path, "work/said")));
            // Other tests open and close descriptors meanwhile, so both times count; ls adds the folder that it reads.
            int[] seen = [.. job.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, null))];
            Assert.Contains(passed, seen);
            Assert.InRange(seen.Except([0, 1, 2]).Except(given).Except(Inherited()).Count(), 0, 1);
        }
        finally
        {
            Libc.close(passed);
        }
    }

    [Fact]
    public void Time_and_memory_are_the_jobs_own()
    {
        var job = Job.Shell(_root, "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 0.1");
        Assert.True(job.Result.UserTime > TimeSpan.FromMilliseconds(20), $"{job.Result.UserTime}");
        Assert.True(job.Result.Elapsed > TimeSpan.FromMilliseconds(100), $"{job.Result.Elapsed}");
        Assert.InRange(job.Result.PeakMemoryBytes, 100_000, 20_000_000);
        Assert.Equal(job.Result.EndedAt - job.Result.StartedAt, job.Result.Elapsed);
    }

    [Fact]
    public void Umask_and_limits_are_set_and_others_kept()
    {
        var job = Job.Shell(_root, "umask; ulimit -n; ulimit -c", spec => spec with
        {
            Umask = (UnixFileMode)0x3F,
            Limits = [new() { Name = "nofile", Soft = 77, Hard = 80 }, new() { Name = "core", Soft = 0, Hard = 0 }],
        });
        Assert.Equal("0077\n77\n0\n", job.Output);
    }

    [Fact]
    public void The_environment_is_what_is_asked_for_and_nothing_else()
    {
        var job = Job.Shell(_root, "env", spec => spec with
        {
            Environment = [new("PATH", "/bin"), new("A", "b c"), new("EMPTY", "")],
        });
        Assert.Equal(
            ["A=b c", "EMPTY=", "PATH=/bin", "PWD=/", "SHLVL=1"],
            job.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Five_hundred_starts_succeed_while_the_collector_runs()
    {
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() => Collect(stop.Token)) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        var spec = Job.Spec(_root.Path, "true");
        for (int i = 0; i < 500; i++)
        {
            using var container = Container.Start(spec, TimeProvider.System);
            Assert.Equal(0, container.Wait().Status.ExitCode);
        }
        stop.Cancel();
    }

    [Fact]
    public void A_failed_step_is_told_by_call_subject_and_reason()
    {
        var failure = Assert.Throws<SyscallException>(() => Job.Shell(
            _root, "true", spec => spec with { Tmpfs = [new TmpfsMount("/data", SizeBytes: -1, (UnixFileMode)0)] }));
        Assert.Equal("mount '/data': Invalid argument (EINVAL)", failure.Message);
    }

    [Fact]
    public void Streams_may_be_swapped()
    {
        string path = Path.Combine(_root.Path, "work/out");
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite))
        {
            var spec = Job.Spec(_root.Path, "sh", "-c", "echo out; echo err >&2") with
            {
                Streams = new StandardStreams(0, (int)file.DangerousGetHandle(), (int)file.DangerousGetHandle()),
            };
            using var container = Container.Start(spec, TimeProvider.System);
            container.Wait();
        }
        Assert.Equal("out\nerr\n", File.ReadAllText(path));
    }

    /// <summary>The descriptors that this process hands on. proc_pid_fdinfo(5): O_CLOEXEC is octal 02000000.</summary>
    private static int[] Inherited() =>
        [.. Directory.EnumerateFiles("/proc/self/fdinfo").Where(file => !ClosedOnExec(file)).Select(file => int.Parse(Path.GetFileName(file), null))];

    private static bool ClosedOnExec(string file)
    {
        try
        {
            return File.ReadLines(file).Any(line => line.StartsWith("flags:") && (Convert.ToInt64(line[6..].Trim(), 8) & 0x80000) != 0);
        }
        catch (IOException)
        {
            // Closed by another test meanwhile: nothing that this process means to hand on.
            return true;
        }
    }

    private static void Collect(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.KeepAlive(new byte[100_000]);
            GC.Collect(0);
            // Without a pause no other thread comes back from a system call for seconds.
            Thread.Sleep(1);
        }
    }
}
