using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Kernels, pages, and programs of other machines.</summary>
public sealed class PlatformRuleTests
{
    /// <summary>Kernels then and here, calls that were seen; what is said.</summary>
    [Theory]
    [InlineData("6.1.0-18-amd64", "6.1.0-18-amd64", "openat2 5.6", null)]
    [InlineData("6.1.0-18-amd64", "6.1.0-25-amd64", "openat2 5.6", null)]
    [InlineData("6.1.0-18-amd64", "6.12.3", "openat2 5.6", null)]
    [InlineData("6.12.3", "6.1.0", "openat2 5.6", null)]
    [InlineData("6.12.3", "6.1.0", "", null)]
    [InlineData("6.12.3", "5.4.0-150-generic", "openat2 5.6", "Warn openat2")]
    [InlineData("6.12.3", "5.10.0", "landlock_create_ruleset 5.13,mseal 6.10,openat2 5.6", "Warn landlock_create_ruleset mseal")]
    [InlineData("6.8.0", "5.14.0", "mseal 6.10", null)]
    [InlineData("6.12.3", "6.1.0", null, "Ok")]
    [InlineData("6.1.0", "6.1.0", null, null)]
    public void An_older_kernel_is_warned_of_only_where_it_lacks_what_the_job_used(string then, string here, string? used, string? said)
    {
        var host = Profiles.Host("haswell");
        var calls = used?.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(call => new KernelCall { Name = call.Split(' ')[0], Since = call.Split(' ')[1] }).ToArray();
        var run = RunSamples.RunOn(On(then)) with { KernelCalls = calls };

        var finding = Assessor.Assess(run, On(here)).Findings.SingleOrDefault(f => f.Rule == "KERN-2");

        Assert.Equal(said, finding is null ? null : $"{finding.Verdict} {string.Join(' ', finding.Evidence.Except([then, here]))}".Trim());

        HostProfile On(string release) => host with { Kernel = host.Kernel with { Release = release } };
    }

    /// <summary>Pages then and here, in KiB, the alignment that the record knows, and whether it is of all files; verdict.</summary>
    [Theory]
    [InlineData(4, 64, 64, true, null)]
    [InlineData(4, 64, 4, true, Verdict.Refuse)]
    [InlineData(4, 16, 64, true, null)]
    [InlineData(4, 64, 16, true, Verdict.Refuse)]
    [InlineData(4, 64, 64, false, Verdict.Warn)]
    [InlineData(4, 64, 4, false, Verdict.Refuse)]
    [InlineData(64, 4, 64, true, null)]
    [InlineData(64, 64, 4, true, null)]
    [InlineData(4, 4, 1, true, null)]
    [InlineData(4, 64, null, true, Verdict.Refuse)]
    [InlineData(64, 4, null, true, Verdict.Warn)]
    [InlineData(4, 4, null, true, null)]
    public void Pages_must_not_be_larger_than_segments_are_aligned_for(int then, int here, int? aligned, bool isAll, Verdict? verdict)
    {
        var host = Profiles.Host("neoverse_n1");
        var requirements = RunSamples.NoRequirements with
        {
            Architecture = "arm64",
            Start = aligned is null ? [] : [new() { Path = "/usr/bin/fit", Kind = "page", Needs = $"{aligned << 10}" }],
            MayLoadMore = isAll ? null : ["/usr/bin/fit"],
        };
        var run = RunSamples.RunOn(With(then)) with { Requirements = requirements };

        Assert.Equal(verdict, Assessor.Assess(run, With(here)).Findings.SingleOrDefault(f => f.Rule == "PAGE-1")?.Verdict);

        HostProfile With(int kibibytes) => host with { Memory = host.Memory with { PageBytes = kibibytes << 10 } };
    }

    [Fact]
    public void The_file_that_cannot_be_laid_on_larger_pages_is_named()
    {
        var host = Profiles.Host("neoverse_n1");
        var run = RunSamples.RunOn(host) with
        {
            Requirements = RunSamples.NoRequirements with { Architecture = "arm64", Start = [new() { Path = "/usr/bin/fit", Kind = "page", Needs = "4096" }] },
        };

        var finding = Assert.Single(
            Assessor.Assess(run, host with { Memory = host.Memory with { PageBytes = 65536 } }).Findings, f => f.Verdict == Verdict.Refuse);

        Assert.StartsWith(
            "the segments of '/usr/bin/fit' are aligned for pages of at most 4096 bytes; this kernel's have 65536", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>What the kernel here runs by an interpreter; rules that do not say OK.</summary>
    [Theory]
    [InlineData(null, "ARCH-1", Answer.No, Answer.No)]
    [InlineData("riscv64", "ARCH-1", Answer.No, Answer.No)]
    [InlineData("arm64", "ARCH-3", Answer.Yes, Answer.Unknown)]
    public void A_program_of_another_machine_runs_where_the_kernel_has_an_interpreter_for_it(string? handled, string rules, Answer runs, Answer sameResults)
    {
        var here = Profiles.Host("zen3");
        here = here with
        {
            Kernel = here.Kernel with
            {
                Handlers = handled is null ? null : [new() { Name = "qemu", Interpreter = "/usr/bin/qemu-static", Architectures = [handled] }],
            },
        };

        var assessment = Assessor.Assess(RunSamples.RunOn(Profiles.Host("neoverse_n1")), here);

        Assert.Equal(rules, string.Join(' ', assessment.Findings.Where(f => f.Verdict != Verdict.Ok).Select(f => f.Rule)));
        Assert.Equal((runs, sameResults), (assessment.Runs, assessment.SameResults));
    }

    [Fact]
    public void What_the_machine_runs_itself_is_not_emulated_whoever_is_registered()
    {
        var here = Profiles.Host("zen3");
        here = here with { Kernel = here.Kernel with { Handlers = [new() { Name = "x", Interpreter = "/usr/bin/x", Architectures = ["amd64"] }] } };

        Assert.Empty(Assessor.Assess(RunSamples.RunOn(here), here).Findings);
    }
}
