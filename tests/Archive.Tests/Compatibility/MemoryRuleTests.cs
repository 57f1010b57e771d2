using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Whether there is room for a run.</summary>
public sealed class MemoryRuleTests
{
    /// <summary>Memory then and here, and what a tmpfs was asked to hold, in MiB; what is said.</summary>
    [Theory]
    [InlineData(1024, 512, null, "/scratch: 512 MiB then, 256 MiB here")]
    [InlineData(1024, 512, 700, "/scratch: 700 MiB then, 512 MiB here")]
    [InlineData(1024, 512, 5000, "/scratch: 1024 MiB then, 512 MiB here")]
    [InlineData(1024, 512, 512, null)]
    [InlineData(1024, 2048, null, null)]
    [InlineData(1024, 1000, null, null)]
    [InlineData(1024, 0, 5000, null)]
    public void A_tmpfs_that_holds_less_here_is_warned_of(int then, int here, int? asked, string? said)
    {
        var host = Profiles.Host("haswell");
        HostProfile With(long mebibytes) => host with { Memory = host.Memory with { TotalBytes = mebibytes << 20 } };
        Mount scratch = new()
        {
            Kind = "tmpfs",
            Destination = "/scratch",
            ReadOnly = false,
            Purpose = "scratch",
            IsFile = false,
            SizeBytes = (long?)asked << 20,
        };
        var run = RunSamples.RunOn(With(then));

        var found = Assessor.Assess(run with { Mounts = [scratch], Outcome = run.Outcome with { PeakMemoryBytes = 1 } }, With(here)).Findings;

        Assert.Equal(said, found.SingleOrDefault(finding => finding.Rule == "MEM-2")?.Evidence.Single());
    }
}
