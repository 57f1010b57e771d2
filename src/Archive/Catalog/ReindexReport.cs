namespace Provenance.Archive.Catalog;

/// <summary>What a new catalog holds, and what it could not take in.</summary>
public sealed record ReindexReport
{
    public required long Records { get; init; }

    /// <summary>Records of the log whose blobs are missing or damaged, one sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
