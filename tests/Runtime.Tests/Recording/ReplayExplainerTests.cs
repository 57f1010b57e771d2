using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What follows from running a job again with one thing set at a time.</summary>
public sealed class ReplayExplainerTests
{
    private static readonly ReplaySetting[] Settings = [ReplaySetting.Unchanged, ReplaySetting.OneThread, ReplaySetting.FixedLocale];

    /// <summary>
    /// What comes out of each run in turn: first unchanged twice (the replay that differs, then again), then with each setting; = is the original.
    /// </summary>
    [Theory]
    [InlineData("a a a a", "the same each time here, and other than the original, whatever was tried: the difference is in the machine or its system")]
    [InlineData("a a = a", "with one thread it is the original")]
    [InlineData("a a a =", "with fixed locale and time zone it is the original")]
    [InlineData("a b = c d", "varies from run to run; with one thread it came out as the original")]
    [InlineData("a b c c d e", "varies from run to run, but not with one thread")]
    [InlineData("a b c d e e", "varies from run to run, but not with fixed locale and time zone")]
    [InlineData("a b c d e f", "varies from run to run, whatever was tried")]
    [InlineData("a = b b", "varies from run to run, but not with one thread")]
    public void A_conclusion_names_what_made_the_difference(string runs, string expected)
    {
        var outcomes = new Queue<string>(runs.Split(' '));
        var first = Replay(outcomes.Dequeue());

        // An outcome that is not there any more repeats the last.
        string last = "";
        var explainer = new ReplayExplainer(_ => Replay(last = outcomes.TryDequeue(out string? next) ? next : last));
        var explanation = explainer.Explain(first, Settings);

        Assert.Equal([$"/out: {expected}"], explanation.Conclusions);
        Assert.Equal(["unchanged", "one thread", "fixed locale and time zone"], explanation.Trials.Select(trial => trial.Name));
    }

    [Fact]
    public void A_date_is_not_taken_for_a_difference_of_machines()
    {
        var first = Replay("a");
        first = first with { Comparison = [first.Comparison[0] with { Note = "other text; looks like a date or time" }] };

        var explanation = new ReplayExplainer(_ => Replay("a")).Explain(first, Settings);

        Assert.Contains("looks like a date or time", Assert.Single(explanation.Conclusions), StringComparison.Ordinal);
        Assert.DoesNotContain("machine", explanation.Conclusions[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_fails_says_why()
    {
        var explainer = new ReplayExplainer(_ => Replay("a") with { Comparison = [], Reason = "no room" });

        var explanation = explainer.Explain(Replay("a"), [ReplaySetting.Unchanged]);

        Assert.Equal("no room", Assert.Single(explanation.Trials).Failure);
    }

    private static ReplayRecord Replay(string content) => new()
    {
        Recorder = new Recorder { Name = "prov", Version = "0" },
        Run = Digest.Of("run"u8),
        Assessment = new Assessment { Verdict = Verdict.Ok, Runs = Answer.Yes, SameResults = Answer.Yes, Findings = [] },
        Host = Provenance.Runtime.Host.HostProbe.Read(),
        Forced = [],
        Relocated = [],
        Comparison =
        [
            new ComparedOutput
            {
                Name = "/out",
                Result = content == "=" ? ComparisonResult.Identical : ComparisonResult.Differs,
                Decides = true,
                Replayed = ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(content)),
            },
        ],
        Verdict = ReplayVerdict.Differs,
    };
}
