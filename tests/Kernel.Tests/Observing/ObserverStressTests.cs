using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Observing;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>Many processes, many files, and jobs that end in the middle of a call.</summary>
[Collection(nameof(Alone))]
public sealed class ObserverStressTests : IDisposable
{
    // PROV_LONG=1 has them at the sizes that jobs really have.
    private static readonly int Times = Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? 20 : 1;

    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Each_of_many_processes_is_told_once()
    {
        int count = 1000 * Times;
        _ = ObservedJob.Run(Job.Spec(_root.Path, "true"));
        int before = OpenDescriptors();

        var job = ObservedJob.Run(Job.Spec(
            _root.Path, "sh", "-c", $"i=0; while [ $i -lt {count} ]; do /bin/true $i; i=$((i+1)); done"));

        Assert.Equal(0, job.Result.Status.ExitCode);
        Assert.Equal(Enumerable.Range(1, count + 1), job.Events.OfType<ProcessStarted>().Select(p => p.Process));
        Assert.All(job.Events.OfType<ProcessStarted>().Skip(1), p => Assert.Equal(1, p.Parent));
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => $"{i}"),
            job.Events.OfType<ProgramStarted>().Skip(1).Select(p => p.Argv[^1]));
        AssertNoneIsLeft(before);
    }

    [Fact]
    public void Each_of_many_opens_is_told()
    {
        int count = 10_000 * Times;
        _ = ObservedJob.Run(Job.Spec(_root.Path, "true"));
        string? program = CProgram.Compile(_root, "opens", """
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
              char name[64];
              for (int i = 0; i < atoi(argv[1]); i++) { snprintf(name, sizeof name, "/etc/none/%d", i); open(name, O_RDONLY); }
            }
            """);
        Assert.SkipWhen(program is null, "no C compiler that links statically on this host");
        int before = OpenDescriptors();

        var job = ObservedJob.Run(Job.Spec(_root.Path, program, $"{count}"));

        Assert.Equal(
            Enumerable.Range(0, count).Select(i => $"/etc/none/{i}"),
            job.Touched.Where(t => t.Access == FileAccess.Read).Select(t => t.Path));
        AssertNoneIsLeft(before);
    }

    [Theory]
    [InlineData("kill -9 $$")]
    [InlineData("(sleep 0.1; kill -9 $p) & wait $p; exit 3")]
    public void A_job_that_is_killed_in_the_middle_of_calls_ends(string end)
    {
        var job = ObservedJob.Run(Job.Spec(
            _root.Path, "sh", "-c", $"(while :; do cat /etc/passwd > /dev/null; done) & p=$!; sleep 0.1; {end}"));

        Assert.True(job.Result.Status is { Signal: 9 } or { ExitCode: 3 }, job.Result.Status.ToString());
        Assert.Contains("/etc/passwd", job.Paths(FileAccess.Read));
    }

    [Fact]
    public void Signals_do_not_keep_a_call_from_being_done()
    {
        string? program = CProgram.Compile(_root, "alarms", """
            #include <fcntl.h>
            #include <signal.h>
            #include <stdio.h>
            #include <sys/time.h>
            #include <unistd.h>
            static volatile int alarms;
            static void count(int s) { alarms++; }
            int main(void) {
              struct sigaction a = { .sa_handler = count, .sa_flags = SA_RESTART };
              sigaction(SIGALRM, &a, 0);
              struct itimerval often = { { 0, 50 }, { 0, 50 } };
              setitimer(ITIMER_REAL, &often, 0);
              int done = 0;
              for (int i = 0; i < 2000; i++) { int fd = open("/etc/passwd", O_RDONLY); if (fd >= 0) { done++; close(fd); } }
              printf("%d %d\n", done, alarms > 0);
            }
            """);
        Assert.SkipWhen(program is null, "no C compiler that links statically on this host");

        var job = ObservedJob.Run(Job.Spec(_root.Path, program));

        Assert.Equal("2000 1\n", job.Output);
    }

    /// <summary>Fewer may be open than before: what an earlier test left to be collected may have been.</summary>
    private static void AssertNoneIsLeft(int before) => Assert.InRange(OpenDescriptors(), 0, before);

    private static int OpenDescriptors() =>
        // Those of the runtime's own come as its code is needed.
        Directory.GetFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) == false);
}
