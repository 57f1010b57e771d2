using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>What can be shown of a file without running anything of it: a picture, lines, or rows of a table.</summary>
public sealed record Preview
{
    /// <summary>The address of a picture; null for text.</summary>
    public string? Picture { get; init; }

    /// <summary>Its first lines; null for a picture or a table.</summary>
    public string? Text { get; init; }

    /// <summary>Its first rows; null for anything else.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Rows { get; init; }

    /// <summary>Whether there is more of it.</summary>
    public bool IsCut { get; init; }

    public static Preview OfPicture(Digest digest, string extension) => new() { Picture = $"/preview/{digest}{extension}" };
}
