using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>The words of a comparison, the same on the terminal and in a report.</summary>
internal static class ReplayWords
{
    public static string Of(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Reproduced => "reproduced",
        ReplayVerdict.Differs => "differs",
        ReplayVerdict.Failed => "failed",
        _ => "refused",
    };

    public static string Of(ComparisonResult result) => result switch
    {
        ComparisonResult.Identical => "identical",
        ComparisonResult.SameContent => "same content",
        ComparisonResult.WithinTolerance => "within tolerance",
        ComparisonResult.Differs => "differs",
        ComparisonResult.Missing => "missing",
        ComparisonResult.Unexpected => "unexpected",
        _ => "not comparable",
    };

    /// <summary>The verdict, at which level it was reached, and why.</summary>
    public static string Verdict(ReplayRecord record)
    {
        string level = record is { Verdict: ReplayVerdict.Reproduced, Agreement: { } agreement and not ComparisonResult.Identical }
            ? $" ({(agreement > ComparisonResult.WithinTolerance ? "within the author's own variation" : Of(agreement))})"
            : "";
        string forced = record.Forced.Count > 0 ? " (forced)" : "";
        return $"{Of(record.Verdict)}{level}{forced}{(record.Reason is { } reason ? ": " + reason : "")}";
    }

    /// <summary>What was asked for, when it was anything but the same bytes.</summary>
    public static string? Asked(ReplayRecord record)
    {
        List<string> asked = [];
        if (record.Tolerance is { } tolerance)
        {
            asked.Add($"numbers may differ by {tolerance.Absolute} + {tolerance.Relative} × the largest of their group");
        }
        else if (record.Accepted is { } accepted)
        {
            asked.Add($"{Of(accepted)} counts as reproduced");
        }

        if (record.NoiseAccepted == true)
        {
            asked.Add(record.NoiseFloor is null ? "the author's own variation is not known" : "the author's own variation counts as reproduced");
        }

        if (record.Ignored is { Count: > 0 } ignored)
        {
            asked.Add($"ignored: {string.Join(' ', ignored)}");
        }

        return asked.Count == 0 ? null : string.Join("; ", asked);
    }

    /// <summary>What is to be said of one output besides its result, a sentence each.</summary>
    public static IEnumerable<string> Details(ComparedOutput output)
    {
        if (output.Worst is { } worst)
        {
            string relative = worst.Relative is { } part ? $", {part} of the largest" : "";
            yield return $"farthest apart at {worst.Where}: {worst.Original} then, {worst.Replayed} now; by {worst.Absolute}{relative}";
        }

        if (output.Normalised is { Count: > 0 } normalised)
        {
            yield return $"told apart from the content: {string.Join(", ", normalised)}";
        }

        if (output.Noise is { } noise)
        {
            string extent = noise.Worst is { } then
                ? $"by {then.Absolute}{(then.Relative is { } part ? $", {part} of the largest" : "")}"
                : noise.Result == ComparisonResult.Differs ? "in more than numbers" : $"({Of(noise.Result)})";
            yield return $"varied for the author too, {extent}{(noise.Covers ? "" : "; that does not cover this")}";
        }
    }

    /// <summary>The line of a trial: what each output came to.</summary>
    public static string Of(TrialOutput output) =>
        Of(output.Result) + (output.Repeats is { } repeats ? repeats ? ", repeats" : ", does not repeat" : "");
}
