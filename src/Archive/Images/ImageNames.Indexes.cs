using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Images;

/// <summary>Names that stand for several images, one for each kind of machine.</summary>
public sealed partial class ImageNames
{
    private const int MaxVariants = 100;

    /// <summary>Every name that stands for several images, in order; none that another tool put here and of which no image was imported.</summary>
    public IReadOnlyList<NamedIndex> ListIndexes() =>
    [
        .. ReadEntries().Where(IsIndex).Select(ReadIndex).OfType<NamedIndex>().OrderBy(index => index.Name, StringComparer.Ordinal),
    ];

    /// <summary>Takes a name, with <c>:latest</c> left out if need be, or an index's digest or at least 4 digits of it.</summary>
    /// <returns>Null when no index is meant.</returns>
    public NamedIndex? FindIndex(string reference)
    {
        var entries = ReadEntries().Where(IsIndex).ToList();
        var found = entries.Find(entry => NameOf(entry) == reference)
            ?? entries.Find(entry => NameOf(entry) == $"{reference}:latest")
            ?? entries.Find(entry => IsPrefix(reference, entry));
        return found is null ? null : ReadIndex(found);
    }

    /// <summary>Puts several images behind one name. Each stays under its own as well.</summary>
    /// <param name="name">Belongs to the index alone from now on.</param>
    /// <param name="variants">With the platforms under which they are to be found.</param>
    /// <returns>The index, whose order other tools go by: from the least demanding of a kind up.</returns>
    /// <exception cref="ImageException">It cannot be a name, or two images are for one platform.</exception>
    public NamedIndex SetIndex(string name, IReadOnlyList<NamedImage> variants)
    {
        CheckName(name);
        if (variants.Count is 0 or > MaxVariants)
        {
            throw new ImageException($"index '{name}': has {variants.Count} images, expected 1 to {MaxVariants}");
        }

        var twice = variants.GroupBy(variant => variant.Platform).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new ImageException($"index '{name}': two images are for '{twice.Key}'");
        }

        // Who does not know variants takes the first of its architecture (image-index.md): that one must run everywhere.
        var ordered = variants
            .OrderBy(variant => variant.Platform.Architecture, StringComparer.Ordinal)
            .ThenBy(variant => PlatformChoice.LevelOf(variant.Platform))
            .Select(ToVariant);
        var index = blobs.Put(MediaTypes.ImageIndex, MadeDocuments.Index(ordered));
        using var held = ArchiveLock.Take(layout, Patience);
        var entry = new OciDescriptor
        {
            MediaType = index.MediaType,
            Digest = index.Digest.ToString(),
            Size = index.Size,
            Annotations = new Dictionary<string, string> { [ImageAnnotations.Name] = name },
        };
        var manifests = IndexFile.Read(layout);
        Unname(manifests, name, entry);
        manifests.Add(entry);
        IndexFile.Write(layout, manifests, sync);
        return ReadIndex(entry)!;
    }

    private static NamedImage Choose(NamedIndex index, VariantWish wish)
    {
        var host = wish.Host();
        Platform[] offered = [.. index.Variants.Select(variant => variant.Platform)];
        var best = index.Best(host, wish.Platform) ?? throw new ImageException(
            $"image '{index.Name}': is not for '{wish.Platform ?? host}', only for {string.Join(", ", offered.Select(platform => $"'{platform}'"))}");
        return best with
        {
            Choice = new() { Index = index.Index.Digest, Offered = offered, For = host, Asked = wish.Platform is null ? null : true },
        };
    }

    private bool RemoveIndex(string reference)
    {
        if (FindIndex(reference) is not { } index)
        {
            return false;
        }

        var manifests = IndexFile.Read(layout);
        manifests.RemoveAll(entry => IsIndex(entry) && NameOf(entry) == index.Name);
        IndexFile.Write(layout, manifests, sync);
        return true;
    }

    private NamedIndex? ReadIndex(OciDescriptor entry)
    {
        if (NameOf(entry) is not { } name || !Digest.TryParse(entry.Digest, out var digest) || entry is not { MediaType: { } mediaType, Size: { } size })
        {
            return null;
        }

        var index = new Descriptor { MediaType = mediaType, Digest = digest, Size = size };
        var document = OciReader.ReadDocument(blobs.Read(index, ImportLimits.Default.MaxJsonBytes), $"index '{name}'");
        NamedImage[] variants = [.. (document.Manifests ?? []).Select(ToImage).OfType<NamedImage>().Select(image => image with { Name = name })];
        return variants.Length == 0 ? null : new NamedIndex { Name = name, Index = index, Variants = variants };
    }

    private static OciDescriptor ToVariant(NamedImage image)
    {
        var annotations = new Dictionary<string, string> { [ImageAnnotations.Tree] = image.Tree.ToString() };
        if (image.Record is { } record)
        {
            annotations[ImageAnnotations.Record] = record.ToString();
        }

        return ToDescriptor(image.Manifest, image.Platform, annotations);
    }

    private static bool IsIndex(OciDescriptor entry) => entry.MediaType is MediaTypes.ImageIndex or MediaTypes.DockerManifestList;

    private static bool IsPrefix(string reference, OciDescriptor entry)
    {
        string digits = reference.StartsWith(DigestPrefix, StringComparison.Ordinal) ? reference[DigestPrefix.Length..] : reference;
        return digits.Length >= MinPrefixDigits && entry.Digest?.StartsWith(DigestPrefix + digits, StringComparison.Ordinal) == true;
    }
}
