using System.Xml.Linq;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>A badge never says more than the signed records do.</summary>
public sealed class BadgeTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(ReplayVerdict.Reproduced, false, false, "reproduced 1×", "1 of 1 runs reproduced")]
    [InlineData(ReplayVerdict.Reproduced, true, false, "recorded", "0 of 1 runs reproduced")]
    [InlineData(ReplayVerdict.Reproduced, false, true, "recorded", "0 of 1 runs reproduced")]
    [InlineData(ReplayVerdict.Differs, false, false, "recorded", "0 of 1 runs reproduced")]
    [InlineData(ReplayVerdict.Failed, false, false, "recorded", "0 of 1 runs reproduced")]
    [InlineData(ReplayVerdict.Refused, false, false, "recorded", "0 of 1 runs reproduced")]
    public async Task Its_words_follow_from_the_verdict(ReplayVerdict verdict, bool isForced, bool isNoiseFloor, string ofRun, string ofPaper)
    {
        await using var site = await TestSite.StartAsync();
        AcceptReplay(site, verdict, isForced, isNoiseFloor, TimeSpan.Zero);

        Assert.Equal(ofRun, WordsOf(await site.GetAsync($"/badge/run/{site.Run.Hex}.svg")));
        Assert.Equal(ofPaper, WordsOf(await site.GetAsync($"/badge/paper/{TestSite.Paper}.svg")));
    }

    [Fact]
    public async Task It_counts_replays_and_knows_nothing_of_what_is_not_here()
    {
        await using var site = await TestSite.StartAsync();
        Assert.Equal("recorded", WordsOf(await site.GetAsync($"/badge/run/{site.OtherRun.Hex}.svg")));
        AcceptReplay(site, ReplayVerdict.Reproduced, isForced: false, isNoiseFloor: false, TimeSpan.Zero);
        AcceptReplay(site, ReplayVerdict.Reproduced, isForced: false, isNoiseFloor: false, TimeSpan.FromHours(1));

        Assert.Equal("reproduced 2×", WordsOf(await site.GetAsync($"/badge/run/{site.Run.Hex}.svg")));
        Assert.Equal("unknown", WordsOf(await site.GetAsync($"/badge/run/{new string('0', 64)}.svg")));
        Assert.Equal("unknown", WordsOf(await site.GetAsync("/badge/paper/10.5555/nobody.svg")));
        Assert.Equal("unknown", WordsOf(await site.GetAsync("/badge/paper/%3Cscript%3E.svg")));
        Assert.Equal("unknown", WordsOf(await site.GetAsync($"/badge/run/{site.Replay.Hex}.svg")));
    }

    private static void AcceptReplay(TestSite site, ReplayVerdict verdict, bool isForced, bool isNoiseFloor, TimeSpan later)
    {
        var sample = RecordSamples.Replay();
        byte[] statement = RecordJson.Serialize(sample with
        {
            Predicate = sample.Predicate with
            {
                Run = site.Run,
                Verdict = verdict,
                Forced = isForced ? ["CPU-2"] : [],
                Purpose = isNoiseFloor ? ReplayPurpose.NoiseFloor : ReplayPurpose.Replication,
                Outcome = sample.Predicate.Outcome! with { StartedAt = sample.Predicate.Outcome.StartedAt + later, EndedAt = sample.Predicate.Outcome.EndedAt + later },
            },
        });
        site.Archive.Intake().Accept(RecordKind.Replay, statement, site.Archive.Sign(statement));
    }

    /// <summary>The same in its title, for those who read it, and in the picture.</summary>
    private static string WordsOf(string badge)
    {
        var svg = XDocument.Parse(badge).Root!;
        string[] texts = [.. svg.Elements(Svg + "text").Select(text => text.Value)];
        Assert.Equal("prov", texts[0]);
        Assert.Equal($"prov: {texts[1]}", svg.Element(Svg + "title")!.Value);
        Assert.Equal($"prov: {texts[1]}", svg.Attribute("aria-label")!.Value);
        return texts[1];
    }
}
