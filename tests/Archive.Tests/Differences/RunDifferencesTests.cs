using Provenance.Archive.Content;
using Provenance.Archive.Differences;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Differences;

/// <summary>One change at a time, and the section that tells of it.</summary>
public sealed class RunDifferencesTests
{
    private static readonly RunRecord Run = RecordSamples.RunPredicate();

    public static TheoryData<string, string?> Changes => new()
    {
        { "nothing", null },
        { "argv", "command" },
        { "umask", "job" },
        { "limit", "job" },
        { "stdin", "job" },
        { "terminal", "job" },
        { "variable", "environment" },
        { "secret", "environment" },
        { "mount", "mounts" },
        { "tree", "image" },
        { "packing", null },
        { "feature", "host" },
        { "host name", null },
        { "second node", "host" },
        { "injected", "injected" },
        { "library", "libraries" },
        { "commit", "sources" },
        { "exit", "outcome" },
        { "time", null },
        { "hazard", "hazards" },
        { "label", null },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_told_in_its_section(string change, string? section)
    {
        var sections = RunDifferences.Of(Side(Run), Side(Change(change)), keepSame: false);

        Assert.Equal(section is null ? [] : [section], sections.Where(one => one.Differs).Select(one => one.Name));
    }

    [Fact]
    public void A_secret_is_compared_by_its_digest_and_never_shown()
    {
        var items = RunDifferences.Of(Side(Run), Side(Change("secret")), keepSame: false).Single(one => one.Name == "environment").Items;

        var item = Assert.Single(items, one => !one.IsSame);
        Assert.StartsWith("secret, sha256:", item.A, StringComparison.Ordinal);
        Assert.StartsWith("secret, sha256:", item.B, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, "dpkg libc6:amd64 2.36-9 2.36-10,dpkg samtools:amd64 1.16 -")]
    [InlineData(false, true, "dpkg htop:amd64 - 3.2,dpkg libc6:amd64 2.36-9 2.36-10")]
    [InlineData(true, true, "dpkg htop:amd64 - 3.2,dpkg libc6:amd64 2.36-9 2.36-10,dpkg samtools:amd64 1.16 -")]
    public void Of_a_captured_image_only_packages_that_were_used_are_compared(bool isFirst, bool isSecond, string expected)
    {
        var first = Side(Captured(isFirst)) with { Packages = [new("dpkg", "libc6:amd64", "2.36-9"), new("dpkg", "samtools:amd64", "1.16")] };
        var second = Side(Captured(isSecond)) with { Packages = [new("dpkg", "htop:amd64", "3.2"), new("dpkg", "libc6:amd64", "2.36-10")] };

        var items = RunDifferences.Of(first, second, keepSame: false).Single(one => one.Name == "packages").Items;

        Assert.Equal(expected, string.Join(',', items.Where(one => !one.IsSame).Select(one => $"{one.Name} {one.A ?? "-"} {one.B ?? "-"}")));
    }

    private static RunRecord Captured(bool isCaptured) => Run with { Image = Run.Image with { Captured = isCaptured ? true : null } };

    private static RunRecord Change(string change) => change switch
    {
        "nothing" => Run,
        "argv" => Run with { Invocation = Run.Invocation with { Argv = [.. Run.Invocation.Argv, "--fast"] } },
        "umask" => Run with { Invocation = Run.Invocation with { Umask = "0077" } },
        "limit" => Run with { Invocation = Run.Invocation with { Limits = [] } },
        "stdin" => Run with { Invocation = Run.Invocation with { Stdin = new StandardInput { Kind = "closed" } } },
        "terminal" => Run with
        {
            Invocation = Run.Invocation with { Terminals = [new JobTerminal { Stream = "stdout", Rows = 24, Columns = 132 }] },
        },
        "variable" => Run with { Environment = [.. Run.Environment, new EnvironmentVariable { Name = "ZZ", Value = "1" }] },
        "secret" => Run with { Environment = [.. Run.Environment.Select(v => v.Value is null ? v with { ValueSha256 = new string('e', 64) } : v)] },
        "mount" => Run with { Mounts = [.. Run.Mounts.Select(mount => mount with { ReadOnly = !mount.ReadOnly })] },
        "tree" => Run with { Image = Run.Image with { Tree = Digest.Of("another tree"u8) } },
        "packing" => Run with { Image = Run.Image with { Manifest = Digest.Of("other packing"u8), Reference = "other-name" } },
        "feature" => Run with { Hosts = [Run.Hosts[0] with { Cpu = Run.Hosts[0].Cpu with { Features = ["avx"] } }] },
        "host name" => Run with { Hosts = [Run.Hosts[0] with { Hostname = "other" }] },
        "second node" => Run with { Hosts = [Run.Hosts[0], Run.Hosts[0]] },
        "injected" => Run with { Injected = [] },
        "library" => Run with { Libraries = [.. (Run.Libraries ?? []).Select(library => library with { Hwcaps = "x86-64-v4" })] },
        "commit" => Run with { Sources = [.. (Run.Sources ?? []).Select(source => source with { Commit = new string('9', 40) })] },
        "exit" => Run with { Outcome = Run.Outcome with { ExitCode = 77, Signal = null } },
        "time" => Run with { Outcome = Run.Outcome with { WallMilliseconds = 99, PeakMemoryBytes = 1, StartedAt = DateTimeOffset.UnixEpoch } },
        "hazard" => Run with { Hazards = [new Hazard { Id = "other", Message = "it does" }] },
        "label" => Run with { Labels = [] },
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    private static RunSide Side(RunRecord run) => new() { Record = run, Used = [], Generated = [], Packages = [] };
}
