using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

/// <summary>The profile of the machine that runs the tests, against what the system itself says.</summary>
public sealed class HostProbeTests
{
    private static readonly HostProfile Here = HostProbe.Read();

    [Fact]
    public void Usable_features_are_in_the_kernels_list_or_in_registers_the_kernel_saves()
    {
        string flags = File.ReadLines("/proc/cpuinfo")
            .First(l => l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal));
        var kernel = flags[(flags.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ').ToHashSet();

        Assert.NotEmpty(Here.Cpu.Features);
        Assert.Equal(kernel.Contains("avx2"), Here.Cpu.Features.Contains("avx2"));
        Assert.Equal(kernel.Contains("avx512f"), Here.Cpu.Features.Contains("avx512f"));
        Assert.Equal(kernel.Contains("fma"), Here.Cpu.Features.Contains("fma"));
        Assert.Empty(Here.Cpu.Features.Intersect(Here.Cpu.FeaturesDisabled));
    }

    [Fact]
    public void Two_probes_of_one_machine_agree()
    {
        var again = HostProbe.Read();

        Assert.Equal(Here.Cpu.Features, again.Cpu.Features);
        Assert.Equal(Here.Cpu.Caches, again.Cpu.Caches);
        Assert.Equal(Here.Kernel.Release, again.Kernel.Release);
    }

    [Fact]
    public void Kernel_memory_and_threads_are_those_of_this_machine()
    {
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), Here.Kernel.Release);
        Assert.Contains($"{Here.Memory.TotalBytes / 1024} kB", File.ReadLines("/proc/meminfo").First(), StringComparison.Ordinal);
        Assert.Equal(Environment.SystemPageSize, Here.Memory.PageBytes);
        Assert.True(Here.Cpu.Threads >= Here.Cpu.Cores && Here.Cpu.Cores >= Here.Cpu.Sockets && Here.Cpu.Sockets > 0);
    }
}
