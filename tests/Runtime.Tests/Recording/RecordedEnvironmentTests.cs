using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>An environment goes into a record without its secrets and comes back with them.</summary>
public sealed class RecordedEnvironmentTests
{
    private static readonly EnvironmentEntry[] Original = [new("PATH", "/bin"), new("API_TOKEN", "s3cret"), new("LANG", "C")];

    [Fact]
    public void A_secret_is_a_digest_and_names_are_in_order()
    {
        var recorded = RecordedEnvironment.Of(Original);
        Assert.Equal(["API_TOKEN", "LANG", "PATH"], recorded.Select(variable => variable.Name));
        Assert.Equal((null, 64), (recorded[0].Value, recorded[0].ValueSha256!.Length));
        Assert.DoesNotContain(recorded, variable => $"{variable}".Contains("s3cret", StringComparison.Ordinal));
    }

    /// <summary>What is offered, and which names stay missing.</summary>
    [Theory]
    [InlineData("API_TOKEN=s3cret", "")]
    [InlineData("", "API_TOKEN")]
    [InlineData("API_TOKEN=other", "API_TOKEN")]
    [InlineData("API_TOKEN=", "API_TOKEN")]
    [InlineData("API_TOKEN=other API_TOKEN=s3cret", "")]
    [InlineData("api_token=s3cret", "API_TOKEN")]
    [InlineData("OTHER_TOKEN=s3cret", "API_TOKEN")]
    public void A_secret_is_taken_from_whoever_has_the_same_value(string offered, string expected)
    {
        var restored = RecordedEnvironment.Restore(RecordedEnvironment.Of(Original), Parse(offered), out var missing);
        Assert.Equal(expected, string.Join(' ', missing));
        Assert.Equal(
            Original.Where(entry => !missing.Contains(entry.Name)).OrderBy(entry => entry.Name, StringComparer.Ordinal), restored);
    }

    [Fact]
    public void What_is_no_secret_stays_as_recorded_whatever_is_offered()
    {
        var restored = RecordedEnvironment.Restore(
            RecordedEnvironment.Of([new("LANG", "C")]), Parse("LANG=de_DE.UTF-8 MORE=1"), out var missing);
        Assert.Equal([new EnvironmentEntry("LANG", "C")], restored);
        Assert.Empty(missing);
    }

    private static IEnumerable<EnvironmentEntry> Parse(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.Split('=')).Select(parts => new EnvironmentEntry(parts[0], parts[1]));
}
