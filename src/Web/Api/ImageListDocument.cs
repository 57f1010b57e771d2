namespace Provenance.Web.Api;

/// <summary>A page of the list of images, the newest first.</summary>
internal sealed record ImageListDocument
{
    public required IReadOnlyList<ImageDocument> Images { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
