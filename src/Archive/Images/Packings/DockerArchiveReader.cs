using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Images.Packings;

/// <summary>Finds an image in what <c>docker save</c> wrote.</summary>
/// <remarks>
/// Source: moby image/spec, versions 1.0 to 1.2. Since Docker 1.10 there is a manifest.json, before only <c>repositories</c>;
/// since Docker 25 there is an OCI layout beside.
/// </remarks>
internal sealed partial class DockerArchiveReader(IPackedFiles files, ImageSource source, ImportOptions options)
{
    public const string ManifestFile = "manifest.json";
    public const string RepositoriesFile = "repositories";
    public const string LayerFile = "layer.tar";
    private const string Packing = "docker-archive";

    public PackedImage Read()
    {
        if (!files.Contains(ManifestFile))
        {
            return ReadLegacy();
        }

        var image = Choose(OciJson.Read(
            SmallFile.Read(files, ManifestFile, options.Limits),
            OciJson.Default.IReadOnlyListDockerArchiveImage,
            $"image '{source}': {ManifestFile}"));
        if (image.Config is null || image.Layers is null)
        {
            throw new ImageException($"image '{source}': {ManifestFile} names no config or no layers");
        }

        return FindOriginal(image) ?? Read(image.Config, image.Layers, image.RepoTags ?? []);
    }

    /// <summary>Since version 25 the manifest that was pulled lies beside.</summary>
    private PackedImage? FindOriginal(DockerArchiveImage image) =>
        files.Contains(OciLayoutReader.LayoutFile) && DigestIn(image.Config!) is { } config
            ? new OciLayoutReader(files, source, options, Packing).FindByConfig(config, image.RepoTags ?? [])
            : null;

    private PackedImage Read(string configName, IReadOnlyList<string> layers, IReadOnlyList<string> names)
    {
        if (layers.Count > options.Limits.MaxLayers)
        {
            throw new HostileImageException($"image '{source}': has more than {options.Limits.MaxLayers} layers");
        }

        byte[] config = SmallFile.Read(files, configName, options.Limits);
        if (DigestIn(configName) is { } expected && Digest.Of(config) is var actual && actual != expected)
        {
            throw new DigestMismatchException(actual, expected);
        }

        return new PackedImage
        {
            Packing = Packing,
            Config = new PackedDocument(MediaTypes.ImageConfig, config),
            Layers = [.. layers.Select(Layer)],
            Names = names,
        };
    }

    private PackedLayer Layer(string name)
    {
        var (content, size) = files.Open(name);
        content.Dispose();
        // Only under blobs/ is a name the digest of the bytes; elsewhere it may be that of the tar inside, or an identifier.
        var digest = name.StartsWith("blobs/", StringComparison.Ordinal) ? DigestIn(name) : null;
        return new PackedLayer
        {
            Open = () => files.Open(name).Content,
            Size = size,
            Expected = digest is null
                ? null
                : new Descriptor { MediaType = MediaTypes.OctetStream, Digest = digest, Size = size },
        };
    }

    private DockerArchiveImage Choose(IReadOnlyList<DockerArchiveImage> images)
    {
        if (images.Count == 0 || images.Count > options.Limits.MaxMembers)
        {
            throw new ImageException($"image '{source}': {ManifestFile} lists no image, or too many");
        }

        if (source.Reference is not { } reference)
        {
            return images.Count == 1 ? images[0] : throw new ImageException(
                $"image '{source}': holds several images, name one of {Listed(images)}");
        }

        return images.FirstOrDefault(image => image.RepoTags?.Any(tag => Means(reference, tag)) ?? false)
            ?? throw new ImageException($"image '{source}': there is no '{reference}', only {Listed(images)}");
    }

    private PackedImage ReadLegacy()
    {
        var tags = files.Contains(RepositoriesFile) ? ReadRepositories() : [];
        string top = LegacyTop(tags);
        string[] names = [.. tags.Where(tag => tag.Id == top).Select(tag => tag.Name)];
        var chain = new List<string>();
        LegacyLayer? layer = null;
        for (string? id = top; id is not null; id = ReadLegacyLayer(id).Parent)
        {
            layer ??= ReadLegacyLayer(id);
            if (chain.Count == options.Limits.MaxLayers)
            {
                throw new HostileImageException($"image '{source}': has more than {options.Limits.MaxLayers} layers");
            }

            chain.Add($"{id}/{LayerFile}");
        }

        chain.Reverse();
        return new PackedImage { Packing = Packing, Layers = [.. chain.Select(Layer)], Names = names, Legacy = layer };
    }

    private List<(string Name, string Id)> ReadRepositories()
    {
        var repositories = OciJson.Read(
            SmallFile.Read(files, RepositoriesFile, options.Limits),
            OciJson.Default.IReadOnlyDictionaryStringIReadOnlyDictionaryStringString,
            $"image '{source}': {RepositoriesFile}");
        return [.. repositories.SelectMany(repository => repository.Value, (repository, tag) => ($"{repository.Key}:{tag.Key}", tag.Value))];
    }

    /// <summary>The layer that was asked for, or the only one that is no other's parent.</summary>
    private string LegacyTop(List<(string Name, string Id)> tags)
    {
        if (source.Reference is { } reference)
        {
            return tags.Where(tag => Means(reference, tag.Name)).Select(tag => tag.Id).FirstOrDefault()
                ?? throw new ImageException($"image '{source}': there is no '{reference}'");
        }

        string[] tops = tags.Count > 0 ? [.. tags.Select(tag => tag.Id).Distinct()] : LegacyLeaves();
        return tops.Length == 1 ? tops[0] : throw new ImageException(
            $"image '{source}': holds {tops.Length} images, and says not which is meant");
    }

    private string[] LegacyLeaves()
    {
        string[] ids = [.. files.FoldersWith(LayerFile).Take(options.Limits.MaxMembers)];
        var parents = ids.Select(id => ReadLegacyLayer(id).Parent).ToHashSet();
        return [.. ids.Where(id => !parents.Contains(id))];
    }

    private LegacyLayer ReadLegacyLayer(string id) => LegacyId().IsMatch(id)
        ? OciJson.Read(SmallFile.Read(files, $"{id}/json", options.Limits), OciJson.Default.LegacyLayer, $"layer '{id}'")
        : throw new HostileImageException($"layer {TreePath.Quote(id)}: its identifier is not 64 hex digits");

    /// <summary>The digest that the name of a file is, as <c>HEX.json</c>, <c>sha256:HEX</c> or <c>blobs/sha256/HEX</c>.</summary>
    private static Digest? DigestIn(string name) =>
        DigestName().Match(name) is { Success: true } match && Digest.TryParseHex(match.Groups[1].Value, out var digest) ? digest : null;

    /// <summary>A name without a tag means <c>latest</c>, one without a registry any; a tag alone means whatever has it.</summary>
    private static bool Means(string reference, string tag) =>
        tag == reference
        || tag == $"{reference}:latest"
        || tag.EndsWith($":{reference}", StringComparison.Ordinal)
        || tag.EndsWith($"/{reference}", StringComparison.Ordinal)
        || tag.EndsWith($"/{reference}:latest", StringComparison.Ordinal);

    private static string Listed(IEnumerable<DockerArchiveImage> images) =>
        string.Join(", ", images.SelectMany(image => image.RepoTags ?? ["<none>"]).Select(TreePath.Quote).Take(20));

    [GeneratedRegex(@"\A(?:sha256:|blobs/sha256/)?([0-9a-f]{64})(?:\.json)?\z")]
    private static partial Regex DigestName();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex LegacyId();
}
