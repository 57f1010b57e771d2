namespace Provenance.Archive.Records;

/// <summary>What one rule found.</summary>
public sealed record Finding
{
    /// <summary>The rule's name, such as <c>CPU-2</c>. The rules are in schema/FORMAT.md.</summary>
    public required string Rule { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Names what is required, what is present and what is missing.</summary>
    public required string Message { get; init; }

    /// <summary>Facts the finding rests on, such as the missing features, in order.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>What can be done about it; null when nothing has to be.</summary>
    public string? Remedy { get; init; }

    /// <summary>False for what <c>--force</c> cannot help: nothing could run.</summary>
    public required bool CanForce { get; init; }
}
