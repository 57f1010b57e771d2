using Provenance.Archive.Differences;

namespace Provenance.Cli;

/// <summary>Two runs side by side as <c>prov diff --json</c> prints them.</summary>
internal sealed record DifferenceReport
{
    /// <summary>64 hex digits.</summary>
    public required string A { get; init; }

    public required string B { get; init; }

    /// <summary>Whether anything that counts is another.</summary>
    public required bool Differ { get; init; }

    /// <summary>Without what is the same, unless all was asked for.</summary>
    public required IReadOnlyList<DifferenceSection> Sections { get; init; }
}
