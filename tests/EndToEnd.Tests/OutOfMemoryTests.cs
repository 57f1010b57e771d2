namespace Provenance.EndToEnd.Tests;

/// <summary>A job that the kernel ends for want of memory has a record, which says so; the program lives.</summary>
public sealed class OutOfMemoryTests : IDisposable
{
    private const long LimitBytes = 300 << 20;

    private const string Version1 = "/sys/fs/cgroup/memory";
    private readonly string _group = Path.Combine(
        Directory.Exists(Version1) ? Version1 : "/sys/fs/cgroup", $"prov-oom-{Environment.ProcessId}");

    public void Dispose()
    {
        if (Directory.Exists(_group))
        {
            Directory.Delete(_group);
        }
    }

    [Fact]
    public void What_the_kernel_did_is_in_the_record()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        Assert.SkipUnless(TryLimit(), $"'{_group}' cannot be made, or not be given a limit of memory");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        place.Shell("prov image import -q box.tar --name box");

        var run = place.Shell($"sh -c 'echo $$ > {_group}/cgroup.procs && exec prov run --record box -- sh -c \"echo begun; exec tail /dev/zero\"'");

        Assert.Equal(137, run.Status);
        Assert.Contains("begun", run.Output, StringComparison.Ordinal);
        Assert.Contains("prov: warning: the kernel ended a process for want of memory in the job's control group, whose limit is 300.0 MiB", run.Error, StringComparison.Ordinal);
        string asked = "prov show $(prov log -n 1 -q) --json | jq -r '.predicate.outcome.signal, (.predicate.hazards[].id | select(. == \"out-of-memory\"))'";
        Assert.Equal("9\nout-of-memory\n", place.Shell(asked).Output);
        place.Shell("prov verify --all && prov archive fsck");
    }

    private bool TryLimit()
    {
        try
        {
            Directory.CreateDirectory(_group);
            string limit = Path.Combine(_group, File.Exists(Path.Combine(_group, "memory.max")) ? "memory.max" : "memory.limit_in_bytes");
            using var file = File.OpenHandle(limit, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes($"{LimitBytes}"), 0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
