using System.Diagnostics;
using Provenance.Kernel.Tests.Observing;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>Signals to <c>prov</c>, and its sudden end. Alone: a recorder of another test in this process would take the signals.</summary>
[Collection(nameof(Alone))]
public sealed class SignalTests : IDisposable
{
    // Set for a second test host, which then is the program that is killed.
    private const string HelperScript = "PROV_TEST_HELPER_SCRIPT";

    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void What_a_person_sends_reaches_the_job_and_not_us()
    {
        using var signals = SignalForwarder.Install();
        var spec = Job.Spec(_root.Path, "sh", "-c", "trap 'exit 5' USR1; touch /work/ready; while :; do sleep 0.02; done") with
        {
            Binds = [new BindMount(Path.Combine(_root.Path, "work"), "/work")],
        };
        using var container = Container.Start(spec, TimeProvider.System);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(_root.Path, "work/ready")), TimeSpan.FromSeconds(20)));
        Assert.Equal(0, Libc.kill(Environment.ProcessId, Signals.SIGUSR1));
        Assert.Equal(5, container.Wait(signals).Status.ExitCode);
    }

    [Fact]
    public void Handlers_are_put_back()
    {
        var before = Dispositions.Get(Signals.SIGUSR2);
        SignalForwarder.Install().Dispose();
        Assert.Equal(before, Dispositions.Get(Signals.SIGUSR2));
    }

    [Fact]
    public void Nothing_runs_or_stays_mounted_when_we_are_killed()
    {
        using var host = StartHelper("sleep 98761 & sleep 98761");
        Assert.True(
            SpinWait.SpinUntil(() => RunningProcess.With("sleep", "98761").Count == 2, TimeSpan.FromSeconds(60)),
            "the helper has not begun");
        host.Kill();
        host.WaitForExit();
        Assert.True(
            SpinWait.SpinUntil(() => RunningProcess.With("sleep", "98761").Count == 0, TimeSpan.FromSeconds(20)),
            "the job goes on");
        Assert.DoesNotContain("prov-root-", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    /// <summary>No test, but the program that is killed.</summary>
    [Fact]
    public void Helper_runs_a_script()
    {
        string? script = Environment.GetEnvironmentVariable(HelperScript);
        Assert.SkipWhen(script is null, "the helper of another test");
        using var signals = SignalForwarder.Install();
        using var container = Container.Start(Job.Spec(_root.Path, "sh", "-c", script), TimeProvider.System);
        container.Wait(signals);
    }

    private static Process StartHelper(string script)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["-method", $"{typeof(SignalTests).FullName}.{nameof(Helper_runs_a_script)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[HelperScript] = script;
        return Process.Start(start)!;
    }
}
