namespace Provenance.Web.Api;

/// <summary>A page of the list of replays, the newest first.</summary>
internal sealed record ReplayListDocument
{
    public required IReadOnlyList<ReplayItem> Replays { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
