using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a job that came out differently again and again, with one thing set at a time, to name what made the difference.</summary>
/// <param name="attempt">Runs the job with a setting and compares what comes out with the original.</param>
internal sealed class ReplayExplainer(Func<ReplaySetting, ReplayRecord> attempt)
{
    /// <param name="first">The replay that differs.</param>
    /// <param name="settings">What to try; the first changes nothing.</param>
    public ReplayExplanation Explain(ReplayRecord first, IReadOnlyList<ReplaySetting> settings)
    {
        var differing = first.Comparison.Where(output => output.Decides && output.Result != ComparisonResult.Identical).ToList();
        var trials = new List<ReplayTrial>();
        var unstable = new HashSet<string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var trial = Try(setting, differing, first, unstable);
            trials.Add(trial);
            if (setting == ReplaySetting.Unchanged)
            {
                unstable.UnionWith(trial.Outputs.Where(output => output.Repeats == false).Select(output => output.Name));
            }
        }

        return new ReplayExplanation
        {
            Trials = trials,
            Conclusions = [.. differing.Select(output => $"{output.Name}: {Conclude(output, trials, unstable)}")],
        };
    }

    private ReplayTrial Try(ReplaySetting setting, List<ComparedOutput> differing, ReplayRecord first, HashSet<string> unstable)
    {
        var trial = new ReplayTrial
        {
            Name = setting.Name,
            Settings = [.. setting.Variables.Select(variable => $"{variable.Name}={variable.Value}"), .. setting.OneCpu ? ["one CPU"] : Array.Empty<string>()],
            Outputs = [],
        };
        var made = attempt(setting);
        if (made.Comparison.Count == 0)
        {
            return trial with { Failure = made.Reason };
        }

        // Unchanged, the first replay is the other run. Else a second one is needed, where the output varies by itself.
        var again = setting == ReplaySetting.Unchanged ? first
            : differing.Exists(output => unstable.Contains(output.Name) && ResultOf(made, output.Name) != ComparisonResult.Identical) ? attempt(setting)
            : null;
        return trial with { Outputs = [.. differing.Select(output => OutputOf(output.Name, made, again))] };
    }

    private static TrialOutput OutputOf(string name, ReplayRecord made, ReplayRecord? again) => new()
    {
        Name = name,
        Result = ResultOf(made, name),
        Repeats = again is null ? null : DigestOf(made, name) == DigestOf(again, name) && ResultOf(made, name) == ResultOf(again, name),
    };

    /// <summary>What is not listed was identical, and one of many.</summary>
    private static ComparisonResult ResultOf(ReplayRecord replay, string name) =>
        replay.Comparison.FirstOrDefault(output => output.Name == name)?.Result ?? ComparisonResult.Identical;

    private static string? DigestOf(ReplayRecord replay, string name) =>
        replay.Comparison.FirstOrDefault(output => output.Name == name)?.Replayed?.Sha256;

    private static string Conclude(ComparedOutput differing, List<ReplayTrial> trials, HashSet<string> unstable)
    {
        string name = differing.Name;
        var tried = trials.Skip(1).Select(trial => (trial.Name, Output: trial.Outputs.FirstOrDefault(output => output.Name == name))).ToList();
        bool varies = unstable.Contains(name);
        if (tried.Find(trial => trial.Output is { Result: ComparisonResult.Identical }) is { Name: not null } found)
        {
            return varies
                ? $"varies from run to run; with {found.Name} it came out as the original"
                : $"with {found.Name} it is the original";
        }

        if (varies)
        {
            return tried.Find(trial => trial.Output is { Repeats: true }) is { Name: not null } stable
                ? $"varies from run to run, but not with {stable.Name}"
                : "varies from run to run, whatever was tried";
        }

        return trials[0].Outputs.Any(output => output.Name == name && output.Result == ComparisonResult.Identical)
            ? "came out as the original when it was run again: it varies from run to run"
            : differing.Note?.EndsWith(ReplayComparer.LooksLikeTime, StringComparison.Ordinal) == true
            ? "the same each time here: what differs looks like a date or time, and all of these runs were made within minutes"
            : "the same each time here, and other than the original, whatever was tried: the difference is in the machine or its system";
    }
}
