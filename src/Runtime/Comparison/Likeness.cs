using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>How much two contents are alike.</summary>
internal sealed record Likeness
{
    public required ComparisonResult Result { get; init; }

    /// <summary>What they were compared as.</summary>
    public required string Kind { get; init; }

    /// <summary>What was told apart from the content.</summary>
    public IReadOnlyList<string> Normalised { get; init; } = [];

    public WorstDifference? Worst { get; init; }

    /// <summary>Where they first differ in what counts; null where the first byte that differs says it.</summary>
    public FirstDifference? First { get; init; }

    public string? Note { get; init; }

    /// <summary>A date or a time stands on both sides where they differ, and nothing else differs there.</summary>
    public bool LooksLikeTime { get; init; }

    public static Likeness SameContent(string kind, params string[] normalised) =>
        new() { Result = ComparisonResult.SameContent, Kind = kind, Normalised = normalised };

    public static Likeness Differs(string kind, string? note) =>
        new() { Result = ComparisonResult.Differs, Kind = kind, Note = note };

    /// <summary>The same, with more that was told apart.</summary>
    public Likeness With(IEnumerable<string> normalised) =>
        this with { Normalised = [.. Normalised.Concat(normalised).Distinct().Order(StringComparer.Ordinal)] };
}
