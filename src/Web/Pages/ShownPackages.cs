using Provenance.Archive.Records;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>Packages of an image on its page: a part of the list, and what was looked for.</summary>
public sealed record ShownPackages
{
    private const int PageSize = 100;

    /// <summary>More than any image has.</summary>
    private const int MostPassedOver = 1_000_000;

    public required IReadOnlyList<ImagePackage> Some { get; init; }

    /// <summary>What stands in their names; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>So many come before.</summary>
    public required int After { get; init; }

    /// <summary>The address of those that follow; null when none do.</summary>
    public string? Next { get; init; }

    /// <summary>Whether there is anything to show or to look for.</summary>
    public bool IsAny => Some.Count > 0 || Name is not null || After > 0;

    internal static ShownPackages Of(ImageRecord image, Reader reader, IQueryCollection asked)
    {
        string? name = asked["package"].ToString().Trim() is { Length: > 0 } text ? text : null;
        int after = int.TryParse(asked["after"], System.Globalization.NumberStyles.None, null, out int number) && number <= MostPassedOver ? number : 0;
        var list = PackageList.Read(image, reader.Blobs, name, after, PageSize);
        return new ShownPackages
        {
            Some = list.Packages,
            Name = name,
            After = after,
            Next = !list.HasMore ? null
                : $"{Paths.Image(image.Manifest.Digest)}?after={after + PageSize}{(name is null ? "" : $"&package={Uri.EscapeDataString(name)}")}#packages",
        };
    }
}
