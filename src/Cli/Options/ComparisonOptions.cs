using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;

namespace Provenance.Cli.Options;

/// <summary>What a replay is to take for reproduced.</summary>
internal sealed class ComparisonOptions
{
    private readonly Option<string> _relative = SharedOptions.Single(
        "--rtol", null, "NUMBER", "let numbers differ by this much of the largest in their column or array; implies --accept tolerance");

    private readonly Option<string> _absolute = SharedOptions.Single(
        "--atol", null, "NUMBER", "let numbers differ by this much; implies --accept tolerance");

    private readonly Option<string> _accept = SharedOptions.Single(
        "--accept", null, "identical|same-content|tolerance|noise",
        "the least that counts as reproduced; noise: what differs no more than the author's own two runs did [identical]");

    private readonly Option<string[]> _ignored = SharedOptions.Repeatable(
        "--ignore", null, "PATTERN", "let outputs whose path or name matches not decide, as '*.log'; may be given again");

    public IReadOnlyList<Option> All => [_relative, _absolute, _accept, _ignored];

    public ComparisonPolicy Read(CommandCall call)
    {
        bool hasTolerance = call.Value(_relative) is not null || call.Value(_absolute) is not null;
        string accept = call.Value(_accept) ?? (hasTolerance ? "tolerance" : "identical");
        if (hasTolerance && accept is "identical" or "same-content")
        {
            throw new UsageException($"option '--accept {accept}' does not go with '--rtol' and '--atol'");
        }

        return new ComparisonPolicy
        {
            Tolerance = hasTolerance ? new ComparisonTolerance { Relative = Number(call, _relative), Absolute = Number(call, _absolute) } : null,
            Accepted = accept switch
            {
                "identical" => ComparisonResult.Identical,
                "same-content" => ComparisonResult.SameContent,
                "tolerance" => ComparisonResult.WithinTolerance,
                "noise" => hasTolerance ? ComparisonResult.WithinTolerance : ComparisonResult.SameContent,
                _ => throw new UsageException($"option '--accept': '{accept}' is none of identical, same-content, tolerance, noise"),
            },
            AcceptNoise = accept == "noise",
            Ignored = call.Values(_ignored),
        };
    }

    private static string Number(CommandCall call, Option<string> option)
    {
        string text = call.Value(option) ?? "0";
        return ComparisonPolicy.IsTolerance(text)
            ? text
            : throw new UsageException($"option '{option.Name}': '{text}' is no number of 0 or more");
    }
}
