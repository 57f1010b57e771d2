using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Web.Reading;

/// <summary>A part of the packages of an image.</summary>
/// <param name="Packages">In order.</param>
/// <param name="HasMore">Whether others follow.</param>
internal sealed record PackageList(IReadOnlyList<ImagePackage> Packages, bool HasMore)
{
    /// <summary>Lines of the list that are read for one answer. The largest real images have ten thousand packages.</summary>
    private const int MostRead = 100_000;

    /// <param name="image">Its record. Where that lists no packages, those of an image that is unpacked here.</param>
    /// <param name="blobs">Of the archive.</param>
    /// <param name="name">What stands in the name, in letters of any case; null for all.</param>
    /// <param name="after">So many of these are passed over.</param>
    /// <param name="limit">At most.</param>
    public static PackageList Read(ImageRecord image, BlobStore blobs, string? name, int after, int limit)
    {
        try
        {
            var found = All(image, blobs).Take(MostRead)
                .Where(package => name is null || package.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                .Skip(after).Take(limit + 1).ToList();
            return new PackageList([.. found.Take(limit)], found.Count > limit);
        }
        catch (ArchiveException)
        {
            // Dropped with its image, or what somebody signed is no list: what the record itself says still stands.
            return new PackageList([], HasMore: false);
        }
    }

    private static IEnumerable<ImagePackage> All(ImageRecord image, BlobStore blobs)
    {
        if (image.Packages is null)
        {
            foreach (var package in RunSides.PackagesOf(image, blobs))
            {
                yield return new ImagePackage { Manager = package.Manager, Name = package.Name, Version = package.Version };
            }
        }

        if (image.Packages?.Blob is not { } blob)
        {
            yield break;
        }

        using var lines = blobs.Open(blob);
        foreach (var package in RecordLines.ReadImagePackages(lines))
        {
            yield return package;
        }
    }
}
