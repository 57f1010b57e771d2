using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What varied for the author may vary again, as far and no farther.</summary>
public sealed class AuthorNoiseTests
{
    /// <summary>Absolute and relative difference of the author's two runs, then of the replay, and whether that is covered.</summary>
    [Theory]
    [InlineData("1e-9", "1e-12", "1e-9", "1e-12", true)]
    [InlineData("1e-9", "1e-12", "5e-10", "1e-13", true)]
    [InlineData("1e-9", "1e-12", "2e-9", "1e-12", false)]
    [InlineData("1e-9", "1e-12", "1e-10", "1e-11", false)]
    [InlineData("inf", null, "1", "1", false)]
    [InlineData("inf", null, "inf", null, false)] // no finite number on one side: there is no measure of it
    [InlineData(null, null, "1e-9", "1e-12", false)]
    [InlineData("1e-9", "1e-12", null, null, false)]
    public void Numbers_are_covered_up_to_the_authors_own(string? floor, string? floorRelative, string? now, string? nowRelative, bool covers)
    {
        var noise = NoiseOf(Output(floor, floorRelative));

        var output = noise.AddTo(Output(now, nowRelative));

        Assert.Equal(covers, output.Noise!.Covers);
        Assert.Equal(covers, new ComparisonPolicy { AcceptNoise = true }.Accepts(output));
        Assert.False(ComparisonPolicy.Default.Accepts(output));
    }

    [Fact]
    public void What_did_not_vary_for_the_author_is_not_covered()
    {
        var noise = NoiseOf(Output("1", "1") with { Name = "/other" });

        Assert.Null(noise.AddTo(Output("1e-9", "1e-12")).Noise);
    }

    private static AuthorNoise NoiseOf(ComparedOutput output) =>
        new(Digest.Of("noise"u8), new Dictionary<string, ComparedOutput> { [output.Name] = output });

    private static ComparedOutput Output(string? absolute, string? relative) => new()
    {
        Name = "/out",
        Result = ComparisonResult.Differs,
        Decides = true,
        Worst = absolute is null ? null
            : new WorstDifference { Absolute = absolute, Relative = relative, Where = "here", Original = "1", Replayed = "2" },
    };
}
