using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What a replay finds is told with what it is about, and what to do.</summary>
public sealed class ReplayFindingsTests
{
    public static TheoryData<string, string> Found => new()
    {
        { "INPUT-1", "in.txt: is not there" },
        { "INPUT-2", "big.bin" },
        { "ENV-1", "API_TOKEN" },
        { "ENV-2", "API_TOKEN" },
        { "STDIN-1", "terminal" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void A_finding_names_what_it_is_about_and_a_remedy(string rule, string evidence)
    {
        Finding[] all =
        [
            .. ReplayFindings.OfInputs([new MissingInput("in.txt", "is not there")], ["big.bin"]),
            .. ReplayFindings.OfSecrets(["API_TOKEN"], wereAsked: true),
            .. ReplayFindings.OfSecrets(["API_TOKEN"], wereAsked: false),
            .. ReplayFindings.OfStdin(new StandardInput { Kind = "terminal" }, isFound: false),
        ];

        var finding = Assert.Single(all, one => one.Rule == rule);
        Assert.Equal([evidence], finding.Evidence);
        Assert.False(string.IsNullOrEmpty(finding.Remedy));
    }

    [Fact]
    public void Of_many_files_the_first_twenty_are_named_and_all_are_counted()
    {
        var finding = Assert.Single(ReplayFindings.OfInputs([], [.. Enumerable.Range(0, 30).Select(number => $"f{number}")]));

        Assert.Equal(20, finding.Evidence.Count);
        Assert.StartsWith("30 files", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>The limit of the run, name and soft; our own hard one; what is said. A dash is unlimited.</summary>
    [Theory]
    [InlineData("nofile", "65536", "4096", "nofile: 65536 then, at most 4096 here")]
    [InlineData("stack", "-", "8388608", "stack: unlimited then, at most 8388608 here")]
    [InlineData("nofile", "4096", "4096", null)]
    [InlineData("nofile", "4096", "-", null)]
    [InlineData("stack", "-", "-", null)]
    [InlineData("core", "-", "0", null)]
    [InlineData("sigpending", "96365", "1", null)]
    [InlineData("nproc", "96365", "48000", null)] // the kernel goes by the machine's memory
    [InlineData("nproc", "96365", "1024", "nproc: 96365 then, at most 1024 here")]
    [InlineData("unheard-of", "2", "1", null)]
    public void Limits(string name, string soft, string hard, string? said)
    {
        ResourceLimit then = new() { Name = name, Soft = Value(soft), Hard = null };
        ResourceLimit[] now = [new() { Name = name == "unheard-of" ? "nofile" : name, Soft = 0, Hard = Value(hard) }];

        var findings = ReplayFindings.OfLimits([then], now).ToList();

        Assert.Equal(said, findings.SingleOrDefault()?.Evidence.Single());
        Assert.All(findings, finding => Assert.Equal(("LIMIT-1", Verdict.Warn, true), (finding.Rule, finding.Verdict, finding.Remedy is not null)));
        Assert.All(findings, finding => Assert.EndsWith($"({said})", finding.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10 20", false, "the job had further groups (10, 20), which only root can give, and the replay lacks them")]
    [InlineData("10 20", true, null)]
    [InlineData("", false, null)]
    [InlineData(null, false, null)]
    public void Groups(string? groups, bool isRoot, string? said)
    {
        RunUser user = new()
        {
            Uid = 1,
            Gid = 1,
            Name = "a",
            Home = "/",
            Groups = groups?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToList(),
        };

        var finding = ReplayFindings.OfGroups(user, isRoot).SingleOrDefault();

        Assert.Equal((said, said is null ? null : "GROUP-1"), (finding?.Message, finding?.Rule));
    }

    private static long? Value(string text) => text == "-" ? null : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
