using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Exchange;

/// <summary>The manifest of a bundle's artifact, as it arrived. What it says of the layers is checked as they are read.</summary>
/// <remarks>Members and annotations that we do not know are passed over: the manifest is a registry's format, and signed by nobody.</remarks>
public sealed record BundleArtifactManifest
{
    /// <summary>The records asked for. <c>BUNDLE.json</c> says the same, or the artifact is refused when that is read.</summary>
    public required IReadOnlyList<Digest> Roots { get; init; }

    /// <summary>In the order they are to be read; <c>BUNDLE.json</c> is the first.</summary>
    public required IReadOnlyList<BundleArtifactFile> Files { get; init; }

    /// <summary>The files that are no record's: what was written for the bundle alone, and certificates.</summary>
    public IEnumerable<Digest> Documents =>
        Files.Where(file => BundleNames.Parse(file.Name).Part != BundlePart.Blob).Select(file => file.Content.Digest);

    /// <summary>The image's manifest that it refers to.</summary>
    public Descriptor? Subject { get; init; }

    public required BundleArtifactMarks Marks { get; init; }

    /// <summary>The type of the layer that is this file.</summary>
    internal static string TypeOf(string name) => name == BundleNames.Manifest ? BundleArtifactNames.ManifestLayer : MediaTypes.OctetStream;

    /// <summary>Whether a manifest says that it is a bundle's, whatever else is wrong with it.</summary>
    public static bool IsBundle(ReadOnlySpan<byte> json)
    {
        try
        {
            return json.Length <= BundleArtifactNames.MaxManifestBytes
                && OciReader.ReadDocument(json, "manifest").ArtifactType == BundleArtifactNames.ArtifactType;
        }
        catch (ArchiveException)
        {
            return false;
        }
    }

    /// <exception cref="ArchiveException">It is no manifest of a bundle's artifact.</exception>
    public static BundleArtifactManifest Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > BundleArtifactNames.MaxManifestBytes)
        {
            throw Refused($"has {json.Length} bytes, at most {BundleArtifactNames.MaxManifestBytes} are allowed");
        }

        var document = OciReader.ReadDocument(json, "manifest");
        CheckKind(document);
        return new BundleArtifactManifest
        {
            Roots = RootsOf(document),
            Files = FilesOf(document),
            Subject = document.Subject is { } subject ? ToDescriptor(subject, "its subject") : null,
            Marks = new BundleArtifactMarks { IsPrivate = IsPrivate(document), EmbargoUntil = EmbargoOf(document) },
        };
    }

    private static void CheckKind(OciDocument document)
    {
        if (document is not { SchemaVersion: 2, MediaType: MediaTypes.ImageManifest })
        {
            throw Refused($"is of schema '{document.SchemaVersion}' and type '{document.MediaType}', expected '2' and '{MediaTypes.ImageManifest}'");
        }

        if (document.ArtifactType != BundleArtifactNames.ArtifactType)
        {
            throw Refused($"is an artifact of type '{document.ArtifactType}', expected '{BundleArtifactNames.ArtifactType}'");
        }

        if (document.Config is not { } config || ToDescriptor(config, "its config") != EmptyObject.Descriptor)
        {
            throw Refused("has a config that is not the empty object");
        }
    }

    private static List<BundleArtifactFile> FilesOf(OciDocument document)
    {
        var files = new List<BundleArtifactFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in document.Layers ?? [])
        {
            string name = layer.Annotation(BundleArtifactNames.Title)
                ?? throw Refused($"layer {files.Count} has no annotation '{BundleArtifactNames.Title}'");
            var (part, digest) = BundleNames.Parse(name);
            var content = ToDescriptor(layer, $"layer '{name}'");
            if (!seen.Add(name))
            {
                throw BundleNames.Refused(name, "stands there twice");
            }

            if (content.MediaType != TypeOf(name))
            {
                throw BundleNames.Refused(name, $"is of type '{content.MediaType}', expected '{TypeOf(name)}'");
            }

            if (part == BundlePart.Blob && content.Digest != digest)
            {
                throw BundleNames.Refused(name, $"is the layer '{content.Digest}'");
            }

            files.Add(new BundleArtifactFile(name, content));
        }

        return files is [{ Name: BundleNames.Manifest }, ..] ? files : throw Refused($"its first layer is not '{BundleNames.Manifest}'");
    }

    private static IReadOnlyList<Digest> RootsOf(OciDocument document)
    {
        string text = document.Annotations?.GetValueOrDefault(BundleArtifactNames.Roots) ?? throw Refused($"has no annotation '{BundleArtifactNames.Roots}'");
        return [.. text.Split(' ').Select(root => Digest.TryParse(root, out var digest)
            ? digest
            : throw Refused($"annotation '{BundleArtifactNames.Roots}' has a root that is no sha256 digest"))];
    }

    private static bool IsPrivate(OciDocument document) => document.Annotations?.GetValueOrDefault(BundleArtifactNames.Visibility) switch
    {
        null => false,
        BundleArtifactNames.Private => true,
        // Shown to everybody for a word that was misspelled, it could not be taken back.
        _ => throw Refused($"annotation '{BundleArtifactNames.Visibility}' is not '{BundleArtifactNames.Private}'"),
    };

    private static DateOnly? EmbargoOf(OciDocument document)
    {
        if (document.Annotations?.GetValueOrDefault(BundleArtifactNames.EmbargoUntil) is not { } text)
        {
            return null;
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)
            ? until
            : throw Refused($"annotation '{BundleArtifactNames.EmbargoUntil}' is no date of the form 2030-12-31");
    }

    private static Descriptor ToDescriptor(OciDescriptor descriptor, string what) =>
        descriptor is { MediaType: { } mediaType, Size: { } size and >= 0 } && Digest.TryParse(descriptor.Digest, out var digest)
            ? new Descriptor { MediaType = mediaType, Digest = digest, Size = size }
            : throw Refused($"{what} has a malformed descriptor");

    private static BundleException Refused(string reason) => new($"manifest: {reason}");
}
