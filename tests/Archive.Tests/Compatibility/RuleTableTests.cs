using System.Text.RegularExpressions;
using Provenance.Archive.Compatibility;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>The rules that the code asks are those that schema/FORMAT.d/compatibility.md tells of.</summary>
public sealed partial class RuleTableTests
{
    private static readonly string Document =
        File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "compatibility.md"));

    [Fact]
    public void Code_and_document_have_the_same_rules_about_the_same_questions_in_the_same_order()
    {
        var told = Row().Matches(Document).Select(m => (m.Groups["id"].Value, m.Groups["about"].Value));

        Assert.Equal(told, Assessor.Rules.Select(r => (r.Id, r.About == Concern.Runs ? "runs" : "same results")));
    }

    [Fact]
    public void Names_of_rules_are_unique() => Assert.Distinct(Assessor.Rules.Select(r => r.Id));

    [Fact]
    public void Only_another_architecture_cannot_be_forced() =>
        Assert.Equal(["ARCH-1"], Assessor.Rules.Where(r => !r.CanForce).Select(r => r.Id));

    [GeneratedRegex(@"^\| (?<id>[A-Z]+-\d+) \| (?<about>[a-z ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
