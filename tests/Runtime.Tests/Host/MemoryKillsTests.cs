using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

/// <summary>Where the kernel counts what it ended for want of memory: both versions of control groups, and the two mounted together.</summary>
public sealed class MemoryKillsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("prov-oom-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("0::/job", "job/memory.events", "low 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 1", 2L)]
    [InlineData("0::/job", "memory.events", "oom_kill 4", 4L)] // given its own group alone
    [InlineData("0::/job", "job/memory.events", "oom 3\noom_group_kill 1", null)]
    [InlineData("0::/job", "other/memory.events", "oom_kill 9", null)]
    [InlineData("5:memory:/a/b\n0::/", "memory/a/b/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5", 5L)]
    [InlineData("3:cpu,memory:/a\n0::/x", "memory/a/memory.oom_control", "under_oom 0\noom_kill 1", 1L)]
    [InlineData("5:memory:/", "memory/memory.oom_control", "oom_kill -1", null)]
    [InlineData("", "memory.events", "oom_kill 1", null)]
    [InlineData("nonsense", "memory.events", "oom_kill 1", null)]
    public void Count(string groups, string file, string content, long? count)
    {
        Write("proc/self/cgroup", groups);
        Write($"sys/fs/cgroup/{file}", content);

        Assert.Equal(count, new MemoryKills(new MachineFiles(_root)).Count());
    }

    [Theory]
    [InlineData("0::/job", "job/memory.events", "job/memory.max", "314572800", 314_572_800L)]
    [InlineData("0::/job", "job/memory.events", "job/memory.max", "max", null)]
    [InlineData("5:memory:/a", "memory/a/memory.oom_control", "memory/a/memory.limit_in_bytes", "1048576", 1_048_576L)]
    [InlineData("5:memory:/a", "memory/a/memory.oom_control", "memory/a/memory.limit_in_bytes", "9223372036854771712", null)]
    public void Limit(string groups, string counter, string file, string content, long? limit)
    {
        Write("proc/self/cgroup", groups);
        Write($"sys/fs/cgroup/{counter}", "oom_kill 1");
        Write($"sys/fs/cgroup/{file}", content);

        Assert.Equal(limit, new MemoryKills(new MachineFiles(_root)).LimitBytes());
    }

    private void Write(string path, string content)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.AppendAllText(full, content + "\n");
    }
}
