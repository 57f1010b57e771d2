using System.IO.Enumeration;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>What a replay is asked to take for reproduced. Without anything: every output that decides is the same bytes.</summary>
public sealed record ComparisonPolicy
{
    public static ComparisonPolicy Default { get; } = new();

    /// <summary>How far numbers may differ; null for not at all.</summary>
    public ComparisonTolerance? Tolerance { get; init; }

    /// <summary>The least that counts as reproduced: identical, same content or within tolerance.</summary>
    public ComparisonResult Accepted { get; init; } = ComparisonResult.Identical;

    /// <summary>Whether a difference no larger than the author's own counts as reproduced.</summary>
    public bool AcceptNoise { get; init; }

    /// <summary>Outputs that do not decide: patterns of their paths.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether an output is as good as was asked for.</summary>
    public bool Accepts(ComparedOutput output) => output.Result <= Accepted || AcceptNoise && output.Noise is { Covers: true };

    /// <summary>The pattern that matches a path, or its last part; null when none does.</summary>
    /// <remarks><c>*</c> stands for any characters, slashes too, <c>?</c> for one.</remarks>
    public string? PatternFor(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return Ignored.FirstOrDefault(pattern =>
            FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false)
            || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
    }

    /// <summary>Whether a text is a tolerance: a decimal that is finite and not negative.</summary>
    public static bool IsTolerance(string text) => NumberTolerance.IsValid(text);
}
