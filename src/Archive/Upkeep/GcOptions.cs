using Provenance.Archive.Records;

namespace Provenance.Archive.Upkeep;

/// <summary>What <c>prov archive gc</c> is asked to remove.</summary>
public sealed record GcOptions
{
    /// <summary>Only counts.</summary>
    public bool DryRun { get; init; }

    /// <summary>What nothing needs stays for so long after it was written or last relied on.</summary>
    public TimeSpan OlderThan { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Kept files and streams of runs and replays that ended longer ago than this are dropped; null for none.</summary>
    public TimeSpan? DropContents { get; init; }

    /// <summary>Runs whose contents stay, whatever their age.</summary>
    public IReadOnlySet<Content.Digest> KeepRuns { get; init; } = new HashSet<Content.Digest>();

    /// <summary>Runs with such a label keep their contents; one with an empty value stands for any value.</summary>
    public IReadOnlyList<Label> KeepLabels { get; init; } = [];
}
