namespace Provenance.Web.Api;

/// <summary>A page of the list of what was taken down, the newest first.</summary>
internal sealed record TombstoneListDocument
{
    /// <summary>Those in force: of a stranger's nothing is told.</summary>
    public required IReadOnlyList<TombstoneItem> Tombstones { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
