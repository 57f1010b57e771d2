namespace Provenance.Web.Api;

/// <summary>A page of the list of files that runs had, those of the newest record first.</summary>
internal sealed record FileListDocument
{
    public required IReadOnlyList<FileItem> Files { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
