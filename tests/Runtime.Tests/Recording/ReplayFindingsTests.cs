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
}
