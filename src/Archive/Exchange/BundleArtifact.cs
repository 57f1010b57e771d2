using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>A bundle as an artifact of a registry: a manifest, and its files as layers. The same bundle and marks give the same bytes.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, manifest.md, "Guidelines for Artifact Usage". Specified in schema/FORMAT.d/bundle.md.</remarks>
public sealed record BundleArtifact
{
    private BundleArtifact()
    {
    }

    /// <summary>The bytes of the manifest.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What the bytes are called.</summary>
    public required Descriptor Manifest { get; init; }

    /// <summary>In the order of the manifest. Two may be of the same bytes. The config, <see cref="EmptyObject"/>, is not among them.</summary>
    public required IReadOnlyList<BundleArtifactLayer> Layers { get; init; }

    /// <summary>The manifest of the image that the first root ran in; null where the first root is no run.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>The tag it is found by.</summary>
    public required string Tag { get; init; }

    /// <param name="bundle">What goes in.</param>
    /// <param name="blobs">The archive's.</param>
    /// <param name="marks">Who may see it.</param>
    /// <exception cref="BundleException">It has too many files for the manifest of a registry.</exception>
    public static BundleArtifact Of(Bundle bundle, BlobStore blobs, BundleArtifactMarks marks)
    {
        BundleArtifactLayer[] layers = [.. new BundleExporter(blobs).FilesOf(bundle).Select(LayerOf)];
        var subject = SubjectOf(bundle);
        byte[] bytes = MadeDocuments.Artifact(new OciDocument
        {
            ArtifactType = BundleArtifactNames.ArtifactType,
            Layers = [.. layers.Select(layer => OciDescriptor.Of(layer.Content) with
            {
                Annotations = new Dictionary<string, string> { [BundleArtifactNames.Title] = layer.Name },
            })],
            Subject = subject is null ? null : OciDescriptor.Of(subject),
            Annotations = AnnotationsOf(bundle, marks),
        });
        if (bytes.Length > BundleArtifactNames.MaxManifestBytes)
        {
            throw new BundleException(string.Create(
                CultureInfo.InvariantCulture,
                $"bundle '{bundle.Stem}': as an artifact its {layers.Length} files make a manifest of {bytes.Length} bytes, "
                + $"registries take at most {BundleArtifactNames.MaxManifestBytes}"));
        }

        return new BundleArtifact
        {
            Bytes = bytes,
            Manifest = new Descriptor { MediaType = MediaTypes.ImageManifest, Digest = Digest.Of(bytes), Size = bytes.Length },
            Layers = layers,
            Subject = subject,
            Tag = BundleArtifactNames.Tag(bundle.Manifest.Roots[0]),
        };
    }

    private static BundleArtifactLayer LayerOf(BundleFile file)
    {
        var digest = BundleNames.Parse(file.Name) is { Part: BundlePart.Blob, Digest: { } named } ? named : DigestOf(file);
        return new BundleArtifactLayer(
            file.Name,
            new Descriptor { MediaType = BundleArtifactManifest.TypeOf(file.Name), Digest = digest, Size = file.Size },
            file.Open);
    }

    private static Digest DigestOf(BundleFile document)
    {
        using var content = document.Open();
        return Digest.Of(content);
    }

    private static Descriptor? SubjectOf(Bundle bundle)
    {
        var root = bundle.Records.First(record => record.Signed.Record == bundle.Manifest.Roots[0]);
        if (root.Predicate is not RunRecord run)
        {
            return null;
        }

        var image = bundle.Records.Where(record => record.Signed.Record == run.Image.Record).Select(record => record.Predicate).OfType<ImageRecord>();
        return image.First().Manifest with { Sha512 = null };
    }

    private static SortedDictionary<string, string> AnnotationsOf(Bundle bundle, BundleArtifactMarks marks)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [BundleArtifactNames.Roots] = string.Join(' ', bundle.Manifest.Roots),
        };
        if (marks.IsPrivate)
        {
            annotations.Add(BundleArtifactNames.Visibility, BundleArtifactNames.Private);
        }

        if (marks.EmbargoUntil is { } until)
        {
            annotations.Add(BundleArtifactNames.EmbargoUntil, until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        return annotations;
    }
}
