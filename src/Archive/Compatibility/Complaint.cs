using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>What a rule has to say; the rule's own name and nature are added to it.</summary>
internal sealed record Complaint
{
    internal required Verdict Verdict { get; init; }

    internal required string Message { get; init; }

    internal IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What to do about it; null only of what neither warns nor refuses.</summary>
    internal required string? Remedy { get; init; }
}
