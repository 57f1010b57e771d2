using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>GPUs with less memory than the recorded one.</summary>
public sealed class GpuMemoryTests
{
    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB", null, 80L << 30)]
    [InlineData("NVIDIA A100 80GB PCIe", null, 80L << 30)]
    [InlineData("Tesla V100-PCIE-32GB", null, 32L << 30)]
    [InlineData("NVIDIA H200", null, null)]
    [InlineData("NVIDIA H100 NVL", null, null)]
    [InlineData("NVIDIA A100-SXM4-80GB", 81559L << 20, 81559L << 20)]
    public void Memory_is_what_the_driver_says_or_the_name(string model, long? told, long? bytes) =>
        Assert.Equal(bytes, GpuMemory.Of(Gpu(model, told)));

    /// <summary>Models then and here; what is said.</summary>
    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB", "NVIDIA A100-SXM4-40GB", "81920 MiB 40960 MiB")]
    [InlineData("NVIDIA A100-SXM4-40GB", "NVIDIA A100-SXM4-80GB", null)]
    [InlineData("NVIDIA A100-SXM4-80GB", "NVIDIA H100 80GB HBM3", null)]
    [InlineData("NVIDIA A100-SXM4-80GB", "NVIDIA H200", null)]
    [InlineData("NVIDIA H200", "NVIDIA A100-SXM4-40GB", null)]
    public void A_smaller_gpu_is_warned_of_where_both_are_known(string then, string here, string? said)
    {
        var host = Profiles.Host("zen");
        var device = new Mount { Kind = "bind", Source = "/dev/nvidia0", Destination = "/dev/nvidia0", ReadOnly = false, Purpose = "bind", IsFile = true };
        var run = RunSamples.RunOn(host with { Gpus = [Gpu(then, null)] }) with { Mounts = [device] };

        var finding = Assessor.Assess(run, host with { Gpus = [Gpu(here, null)] }).Findings.SingleOrDefault(f => f.Rule == "GPU-8");

        Assert.Equal(said, finding is null ? null : string.Join(' ', finding.Evidence));
        Assert.Equal(said is null ? null : Verdict.Warn, finding?.Verdict);
        Assert.DoesNotContain(Assessor.Assess(run with { Mounts = [] }, host with { Gpus = [Gpu(here, null)] }).Findings, f => f.Rule == "GPU-8");
    }

    private static GpuProfile Gpu(string model, long? bytes) => new()
    {
        Vendor = "nvidia",
        Model = model,
        PciAddress = "0000:01:00.0",
        PciId = "10de:20b0",
        MemoryBytes = bytes,
    };
}
