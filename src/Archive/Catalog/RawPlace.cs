namespace Provenance.Archive.Catalog;

/// <summary>Where a run stands in the log, and when it began.</summary>
internal sealed class RawPlace
{
    public long LogIndex { get; init; }

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public long StartedAt { get; init; }
}
