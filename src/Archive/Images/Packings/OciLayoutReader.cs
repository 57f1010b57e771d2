using Provenance.Archive.Content;

namespace Provenance.Archive.Images.Packings;

/// <summary>Finds an image in an OCI image layout and reads its documents, each checked against the descriptor that names it.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, image-layout.md.</remarks>
internal sealed class OciLayoutReader(IPackedFiles files, ImageSource source, ImportOptions options, string packing)
{
    public const string IndexFile = "index.json";
    public const string LayoutFile = "oci-layout";

    /// <summary>Indexes within indexes.</summary>
    private const int MaxDepth = 4;

    private const string RefName = "org.opencontainers.image.ref.name";
    private const string ContainerdName = "io.containerd.image.name";
    private const string DockerReferenceType = "vnd.docker.reference.type";
    private const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1";

    private readonly List<PackedDocument> _others = [];
    private long _otherBytes;

    /// <summary>The image that the source's reference means, or the only one.</summary>
    public PackedImage Read() => Read(Candidates);

    /// <summary>The image with that config, of an archive whose manifest.json names configs.</summary>
    /// <returns>Null when the layout has no manifest with it.</returns>
    public PackedImage? FindByConfig(Digest config, IReadOnlyList<string> names)
    {
        var index = ReadIndexFile();
        foreach (var candidate in index.Manifests!)
        {
            if (LeadsTo(candidate, config, 0))
            {
                return Read(_ => [candidate], config) with { Names = names };
            }
        }

        return null;
    }

    private OciDocument ReadIndexFile()
    {
        var index = OciReader.ReadDocument(ReadSmall(IndexFile), $"image '{source}': {IndexFile}");
        return index.Manifests is { Count: > 0 } && index.Manifests.Count <= options.Limits.MaxMembers
            ? index
            : throw new ImageException($"image '{source}': {IndexFile} lists no image, or too many");
    }

    private PackedImage Read(Func<OciDocument, List<OciDescriptor>> choose, Digest? config = null)
    {
        var index = ReadIndexFile();
        var candidates = choose(index);
        string[] names = [.. candidates.Select(NameOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (candidates.DistinctBy(candidate => candidate.Digest).Count() == 1)
        {
            return Descend(candidates[0], null, config, 0) with { Names = names };
        }

        // :: Several platforms of one image, without an index of their own: index.json is their index.
        var top = new PackedDocument(MediaTypes.ImageIndex, ReadSmall(IndexFile));
        return Descend(Choose(candidates, config), top, config, 0) with { Names = names };
    }

    /// <summary>The manifests of index.json that are meant.</summary>
    private List<OciDescriptor> Candidates(OciDocument index)
    {
        var images = index.Manifests!.Where(IsImage).ToList();
        if (source.Reference is { } reference)
        {
            var named = images.Where(image => IsNamed(image, reference)).ToList();
            return named.Count > 0 ? named : throw new ImageException(
                $"image '{source}': there is no '{reference}', only {Listed(images)}");
        }

        int names = images.Select(NameOf).Distinct().Count();
        int contents = images.DistinctBy(image => image.Digest).Count();
        return names <= 1 || contents == 1 ? images : throw new ImageException(
            $"image '{source}': holds several images, name one of {Listed(images)}");
    }

    private PackedImage Descend(OciDescriptor descriptor, PackedDocument? index, Digest? config, int depth)
    {
        var (document, parsed) = ReadDocument(descriptor);
        if (parsed.Manifests is null)
        {
            return ReadManifest(document, parsed, descriptor.Platform) with { Index = index, Others = _others };
        }

        if (depth == MaxDepth)
        {
            throw new HostileImageException($"image '{source}': indexes lie more than {MaxDepth} deep in each other");
        }

        if (parsed.Manifests.Count > options.Limits.MaxMembers)
        {
            throw new HostileImageException($"image '{source}': an index lists more than {options.Limits.MaxMembers} manifests");
        }

        if (index is not null)
        {
            KeepOther(document);
        }

        var chosen = Choose([.. parsed.Manifests.Where(IsImage)], config);
        KeepOthers(parsed.Manifests.Where(other => other.Digest != chosen.Digest));
        return Descend(chosen, index ?? document, config, depth + 1);
    }

    private OciDescriptor Choose(List<OciDescriptor> candidates, Digest? config)
    {
        if (config is not null && candidates.Find(candidate => LeadsTo(candidate, config, 0)) is { } known)
        {
            return known;
        }

        // One that is alone need not say what it is for: its config does.
        Platform?[] platforms = [.. candidates.Select(candidate => ToPlatform(candidate.Platform))];
        if (candidates.Count == 1 && platforms[0] is null)
        {
            return candidates[0];
        }

        return PlatformChoice.Best(platforms, options) is { } best ? candidates[best] : throw new ImageException(
            $"image '{source}': is not for '{options.Platform ?? options.Host}', only for "
            + string.Join(", ", platforms.Select(platform => $"'{platform?.ToString() ?? "unknown"}'").Distinct().Take(20)));
    }

    private PackedImage ReadManifest(PackedDocument document, OciDocument manifest, OciPlatform? platform)
    {
        if (manifest.Config is null || manifest.Layers is null)
        {
            throw new ImageException($"image '{source}': its manifest has no config or no layers");
        }

        if (manifest.Layers.Count > options.Limits.MaxLayers)
        {
            throw new HostileImageException($"image '{source}': has more than {options.Limits.MaxLayers} layers");
        }

        var config = Checked(manifest.Config);
        if (config.MediaType is not (MediaTypes.ImageConfig or MediaTypes.DockerConfig))
        {
            throw new ImageException($"image '{source}': is not a container image, its config is of type {TreePath.Quote(config.MediaType)}");
        }

        return new PackedImage
        {
            Packing = packing,
            Manifest = document,
            Config = new PackedDocument(config.MediaType, ReadBlob(config)),
            Layers = [.. manifest.Layers.Select(Layer)],
            Platform = ToPlatform(platform),
        };
    }

    private PackedLayer Layer(OciDescriptor layer)
    {
        var expected = Checked(layer);
        // Whatever it is called, what it is compressed with is seen from its bytes.
        if (!expected.MediaType.Contains("tar", StringComparison.Ordinal) || expected.MediaType.EndsWith("+encrypted", StringComparison.Ordinal))
        {
            throw new ImageException($"image '{source}': has a layer of type {TreePath.Quote(expected.MediaType)}, which cannot be read");
        }

        string name = BlobName(expected.Digest);
        if (!files.Contains(name))
        {
            throw new ImageException($"image '{source}': layer '{expected.Digest}' is not in it");
        }

        return new PackedLayer { Open = () => files.Open(name).Content, Expected = expected, Size = expected.Size };
    }

    private (PackedDocument Document, OciDocument Parsed) ReadDocument(OciDescriptor descriptor)
    {
        var expected = Checked(descriptor);
        byte[] content = ReadBlob(expected);
        string what = $"manifest '{expected.Digest}'";
        var parsed = OciReader.ReadDocument(content, what);
        if (expected.MediaType.StartsWith(DockerSchema1, StringComparison.Ordinal) || parsed.FsLayers is not null)
        {
            throw new ImageException($"{what}: is of Docker's schema 1, which cannot be read");
        }

        if (parsed.MediaType is not null && parsed.MediaType != expected.MediaType)
        {
            throw new HostileImageException($"{what}: is of type {TreePath.Quote(parsed.MediaType)}, expected {TreePath.Quote(expected.MediaType)}");
        }

        bool isIndex = expected.MediaType is MediaTypes.ImageIndex or MediaTypes.DockerManifestList;
        bool isManifest = expected.MediaType is MediaTypes.ImageManifest or MediaTypes.DockerManifest;
        if (!isIndex && !isManifest)
        {
            throw new ImageException($"{what}: is of type {TreePath.Quote(expected.MediaType)}, which is no image");
        }

        // A document that is both was once taken for the one by some and for the other by others (CVE-2021-41190).
        bool fits = isIndex
            ? parsed.Manifests is not null && parsed.Layers is null && parsed.Config is null
            : parsed.Layers is not null && parsed.Manifests is null;
        return fits
            ? (new PackedDocument(expected.MediaType, content), parsed)
            : throw new HostileImageException($"{what}: is not what its type {TreePath.Quote(expected.MediaType)} says");
    }

    private void KeepOthers(IEnumerable<OciDescriptor> others)
    {
        foreach (var other in others)
        {
            if (Digest.TryParse(other.Digest, out var digest) && files.Contains(BlobName(digest)))
            {
                var expected = Checked(other);
                KeepOther(new PackedDocument(expected.MediaType, ReadBlob(expected)));
            }
        }
    }

    private void KeepOther(PackedDocument document)
    {
        _otherBytes += document.Content.Length;
        if (_otherBytes > options.Limits.MaxJsonBytes)
        {
            throw new HostileImageException($"image '{source}': its manifests have more than {options.Limits.MaxJsonBytes} bytes");
        }

        _others.Add(document);
    }

    private bool LeadsTo(OciDescriptor descriptor, Digest config, int depth)
    {
        if (depth > MaxDepth || !Digest.TryParse(descriptor.Digest, out var digest) || !files.Contains(BlobName(digest)))
        {
            return false;
        }

        var (_, parsed) = ReadDocument(descriptor);
        return parsed.Config?.Digest == config.ToString()
            || (parsed.Manifests?.Any(child => LeadsTo(child, config, depth + 1)) ?? false);
    }

    private byte[] ReadBlob(Descriptor expected)
    {
        if (expected.Size > options.Limits.MaxJsonBytes)
        {
            throw new HostileImageException(
                $"blob '{expected.Digest}': has {expected.Size} bytes, at most {options.Limits.MaxJsonBytes} are allowed");
        }

        var (content, _) = files.Open(BlobName(expected.Digest));
        using var verifying = new VerifyingStream(content, expected);
        var bytes = new MemoryStream();
        verifying.CopyTo(bytes);
        return bytes.ToArray();
    }

    private byte[] ReadSmall(string name) => SmallFile.Read(files, name, options.Limits);

    /// <summary>What a descriptor must have, whoever wrote it.</summary>
    private Descriptor Checked(OciDescriptor descriptor)
    {
        if (descriptor.MediaType is null || descriptor.Size is not >= 0)
        {
            throw new ImageException($"image '{source}': a descriptor lacks its type or size");
        }

        return Digest.TryParse(descriptor.Digest, out var digest)
            ? new Descriptor { MediaType = descriptor.MediaType, Digest = digest, Size = descriptor.Size.Value }
            : throw new ImageException(
                $"image '{source}': {TreePath.Quote(descriptor.Digest ?? "")} is not a sha256 digest, and no other is known here");
    }

    /// <summary>BuildKit lists attestations beside the images they are about.</summary>
    private static bool IsImage(OciDescriptor descriptor) => descriptor.Annotation(DockerReferenceType) is null;

    private static bool IsNamed(OciDescriptor descriptor, string reference) =>
        descriptor.Annotation(RefName) == reference
        || descriptor.Annotation(ContainerdName) == reference
        || descriptor.Digest == reference;

    private static string? NameOf(OciDescriptor descriptor) =>
        descriptor.Annotation(ContainerdName) ?? descriptor.Annotation(RefName);

    private static string Listed(IEnumerable<OciDescriptor> images) =>
        string.Join(", ", images.Select(image => TreePath.Quote(NameOf(image) ?? image.Digest ?? "")).Distinct().Take(20));

    private static string BlobName(Digest digest) => $"blobs/sha256/{digest.Hex}";

    /// <returns>Null when it is not said, or said to be unknown.</returns>
    private static Platform? ToPlatform(OciPlatform? platform) => platform is { Os: { } os, Architecture: { } architecture }
        ? new Platform { Os = os, Architecture = architecture, Variant = platform.Variant is "" ? null : platform.Variant }
        : null;
}
