using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Images;

/// <summary>The images of an archive by name: its index.json, which any OCI tool reads. The catalog is not asked.</summary>
public sealed partial class ImageNames(StoreLayout layout, BlobStore blobs, FolderSync sync)
{
    private const int MinPrefixDigits = 4;
    private const int MaxNameLength = 255;
    private const string DigestPrefix = "sha256:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private List<OciDescriptor>? _entries;
    private List<NamedImage>? _images;

    /// <summary>Whether what was read once is not read again: for a server that asks anew whenever the archive has changed, and only reads.</summary>
    public bool Remembers { get; init; }

    /// <summary>Makes the files of an archive without images; one that is there stays as it is.</summary>
    public void Initialize()
    {
        using var held = ArchiveLock.Take(layout, Patience);
        if (!File.Exists(layout.Index))
        {
            IndexFile.Write(layout, [], sync);
        }
    }

    /// <summary>Every image that was imported, by name; those without a name last, by digest.</summary>
    public IReadOnlyList<NamedImage> List() =>
    [
        .. Read()
            .OrderBy(image => image.Name is null)
            .ThenBy(image => image.Name, StringComparer.Ordinal)
            .ThenBy(image => image.Manifest.Digest.Hex, StringComparer.Ordinal),
    ];

    /// <summary>Takes a name, with <c>:latest</c> left out if need be, or a manifest's or tree's digest or at least 4 digits of it.</summary>
    /// <exception cref="ImageException">No image, or more than one, is meant.</exception>
    public StoredImage Resolve(string reference) => Find(reference)
        ?? throw new ImageException($"image '{reference}': not in the archive");

    /// <summary>As <see cref="Resolve"/>.</summary>
    /// <param name="reference">What was named.</param>
    /// <param name="wish">Which of several images behind a name is meant; null takes no name of several.</param>
    /// <returns>Null when no image is meant.</returns>
    /// <exception cref="ImageException">More than one is meant, or none that was wished for.</exception>
    public StoredImage? Find(string reference, VariantWish? wish = null)
    {
        if (FindNamed(Read(), reference) is not { } image)
        {
            return wish is not null && FindIndex(reference) is { } index ? Load(Choose(index, wish)) : null;
        }

        return wish?.Platform is { } asked && !PlatformChoice.Satisfies(image.Platform, asked)
            ? throw new ImageException($"image '{reference}': is for '{image.Platform}', not for '{asked}'")
            : Load(image);
    }

    /// <summary>Lists an image, under a name that then belongs to it alone, or without one.</summary>
    /// <remarks>An image that loses its only name to another stays listed without one.</remarks>
    /// <exception cref="ImageException">It cannot be a name.</exception>
    public void Set(string? name, ImportedImage image, Digest? record)
    {
        if (name is not null)
        {
            CheckName(name);
        }

        using var held = ArchiveLock.Take(layout, Patience);
        var manifests = IndexFile.Read(layout);
        var entry = ToDescriptor(name, image, record);
        if (name is not null)
        {
            Unname(manifests, name, entry);
        }

        manifests.RemoveAll(other => other.Digest == entry.Digest && NameOf(other) is null);
        bool isListed = manifests.Exists(other => other.Digest == entry.Digest);
        if (name is not null || !isListed)
        {
            manifests.Add(entry);
        }

        IndexFile.Write(layout, manifests, sync);
    }

    /// <summary>Takes a name away, or every name of the image with that digest. An image without any is no longer listed. Blobs stay.</summary>
    /// <returns>False when there was no such image.</returns>
    /// <exception cref="ImageException">More than one image is meant.</exception>
    public bool Remove(string reference)
    {
        using var held = ArchiveLock.Take(layout, Patience);
        if (FindNamed(Read(), reference) is not { } image)
        {
            return RemoveIndex(reference);
        }

        bool isByName = image.Name is not null && IsCalled(image, reference);
        var manifests = IndexFile.Read(layout);
        manifests.RemoveAll(entry => isByName ? NameOf(entry) == image.Name : entry.Digest == image.Manifest.Digest.ToString());
        IndexFile.Write(layout, manifests, sync);
        return true;
    }

    /// <summary>Whether it can be the name of an image: letters and digits, joined by one of <c>._-:/</c>. Every OCI tool takes such a name.</summary>
    public static bool IsName(string text) => text.Length <= MaxNameLength
        && !text.StartsWith(DigestPrefix, StringComparison.Ordinal)
        && NamePattern().IsMatch(text);

    /// <summary>In the file's own order: every <c>prov run</c> asks, and sorting by queries takes longer than all the rest.</summary>
    private List<NamedImage> Read() => Remembers ? _images ??= ReadImages() : ReadImages();

    private List<OciDescriptor> ReadEntries() => Remembers ? _entries ??= IndexFile.Read(layout) : IndexFile.Read(layout);

    private List<NamedImage> ReadImages()
    {
        var images = new List<NamedImage>();
        foreach (var entry in ReadEntries())
        {
            if (ToImage(entry) is { } image)
            {
                images.Add(image);
            }
        }

        return images;
    }

    private static NamedImage? FindNamed(IReadOnlyList<NamedImage> images, string reference)
    {
        var named = images.FirstOrDefault(image => image.Name == reference)
            ?? images.FirstOrDefault(image => IsCalled(image, reference));
        if (named is not null)
        {
            return named;
        }

        string digits = reference.StartsWith(DigestPrefix, StringComparison.Ordinal) ? reference[DigestPrefix.Length..] : reference;
        if (digits.Length < MinPrefixDigits || !digits.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        NamedImage[] found = [.. images.Where(image => HasPrefix(image, digits)).DistinctBy(image => image.Manifest.Digest)];
        return found.Length <= 1 ? found.FirstOrDefault() : throw new ImageException(
            $"image '{reference}': means any of {string.Join(", ", found.Select(Describe))}");
    }

    private static bool IsCalled(NamedImage image, string reference) =>
        image.Name is not null && (image.Name == reference || image.Name == $"{reference}:latest");

    private static bool HasPrefix(NamedImage image, string digits) =>
        image.Manifest.Digest.Hex.StartsWith(digits, StringComparison.Ordinal)
        || image.Tree.Hex.StartsWith(digits, StringComparison.Ordinal);

    private static string Describe(NamedImage image) =>
        image.Name is null ? $"'{image.Manifest.Digest.Abbreviated}'" : $"'{image.Manifest.Digest.Abbreviated}' ({image.Name})";

    private StoredImage Load(NamedImage image)
    {
        var manifest = StoredManifest.Read(blobs, image.Manifest);
        return new StoredImage
        {
            Name = image.Name,
            Manifest = image.Manifest,
            Tree = image.Tree,
            Record = image.Record,
            Platform = image.Platform,
            Choice = image.Choice,
            ConfigBlob = manifest.Config,
            Config = ImageConfig.Parse(blobs.Read(manifest.Config, ImportLimits.Default.MaxJsonBytes)),
            Layers = manifest.Layers,
        };
    }

    /// <returns>Null for what another tool listed: it was not imported, so it has no tree digest.</returns>
    private static NamedImage? ToImage(OciDescriptor entry) =>
        Digest.TryParse(entry.Digest, out var digest)
        && Digest.TryParse(entry.Annotation(ImageAnnotations.Tree), out var tree)
        && entry is { MediaType: { } mediaType, Size: { } size, Platform: { Os: { } os, Architecture: { } architecture } platform }
            ? new NamedImage
            {
                Name = NameOf(entry),
                Manifest = new Descriptor { MediaType = mediaType, Digest = digest, Size = size },
                Tree = tree,
                Record = Digest.TryParse(entry.Annotation(ImageAnnotations.Record), out var record) ? record : null,
                Platform = new Platform { Os = os, Architecture = architecture, Variant = platform.Variant },
            }
            : null;

    /// <summary>As an image stands in an index.json.</summary>
    internal static OciDescriptor ToDescriptor(string? name, ImportedImage image, Digest? record)
    {
        var annotations = new Dictionary<string, string> { [ImageAnnotations.Tree] = image.Tree.ToString() };
        Add(ImageAnnotations.Name, name);
        Add(ImageAnnotations.Record, record?.ToString());
        Add(ImageAnnotations.Index, image.Index?.Digest.ToString());
        return ToDescriptor(image.Manifest, image.Platform, annotations);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                annotations[key] = value;
            }
        }
    }

    private static OciDescriptor ToDescriptor(Descriptor manifest, Platform platform, Dictionary<string, string> annotations) => new()
    {
        MediaType = manifest.MediaType,
        Digest = manifest.Digest.ToString(),
        Size = manifest.Size,
        Platform = new OciPlatform { Architecture = platform.Architecture, Os = platform.Os, Variant = platform.Variant },
        Annotations = annotations,
    };

    private static void CheckName(string name)
    {
        if (!IsName(name))
        {
            throw new ImageException($"name {TreePath.Quote(name)}: only letters and digits, joined by one of '._-:/', can be a name");
        }
    }

    /// <summary>Takes a name from who has it; an image stays listed without one, an index does not.</summary>
    private static void Unname(List<OciDescriptor> manifests, string name, OciDescriptor inFavourOf)
    {
        if (manifests.Find(entry => NameOf(entry) == name) is not { } losing)
        {
            return;
        }

        manifests.Remove(losing);
        if (!IsIndex(losing) && losing.Digest != inFavourOf.Digest && !manifests.Exists(other => other.Digest == losing.Digest))
        {
            manifests.Add(WithoutName(losing));
        }
    }

    private static OciDescriptor WithoutName(OciDescriptor entry) => entry with
    {
        Annotations = entry.Annotations!.Where(annotation => annotation.Key != ImageAnnotations.Name).ToDictionary(),
    };

    private static string? NameOf(OciDescriptor entry) => entry.Annotation(ImageAnnotations.Name);

    // The names that containers/image takes for an OCI layout, less '@' and '+', which mean something else to people.
    [GeneratedRegex(@"\A[A-Za-z0-9]+(?:(?:[-._:]|--)[A-Za-z0-9]+)*(?:/[A-Za-z0-9]+(?:(?:[-._:]|--)[A-Za-z0-9]+)*)*\z")]
    private static partial Regex NamePattern();
}
