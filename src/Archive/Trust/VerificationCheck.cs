using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Trust;

/// <summary>One fact about a record, found out by itself.</summary>
public sealed record VerificationCheck
{
    /// <summary><c>signature</c>, <c>identity</c>, <c>time</c>, <c>trust</c>, <c>endorsed</c>, <c>log</c>, <c>origin</c> or <c>bytes</c>.</summary>
    public required string Name { get; init; }

    public required CheckOutcome Outcome { get; init; }

    /// <summary>One sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>Every single thing that is wrong, where there can be many; the first is in the detail too.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Of the facts <c>log</c> and <c>origin</c>: known witnesses that cosigned the checkpoint.</summary>
    public int Witnesses { get; init; }

    /// <summary>Of the same facts: the keys of logs that vouch for the record, as verifier keys.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>Of the same facts: how many known witnesses cosigned the checkpoint of each of these logs.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, int> CosignedLogs { get; init; } = ReadOnlyDictionary<string, int>.Empty;
}
