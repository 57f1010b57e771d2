namespace Provenance.Web.Api;

/// <summary>A page of the list of papers, the one that was cited last first.</summary>
internal sealed record PaperListDocument
{
    public required IReadOnlyList<PaperItem> Papers { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
