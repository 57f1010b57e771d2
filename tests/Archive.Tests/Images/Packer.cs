using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Provenance.Archive.Content;
using SharpCompress.Compressors.BZip2;

namespace Provenance.Archive.Tests.Images;

/// <summary>Packs layers as the tools of the world do, and did.</summary>
public static class Packer
{
    public const string Architecture = "amd64";

    public static byte[] Gzip(byte[] bytes) => Through(bytes, output => new GZipStream(output, CompressionLevel.Optimal));

    public static byte[] Zstd(byte[] bytes) =>
        Through(bytes, output => new SharpCompress.Compressors.ZStandard.CompressionStream(output, 3, 0, true));

    public static byte[] Bzip2(byte[] bytes) => Through(bytes, output => BZip2Stream.Create(
        output, SharpCompress.Compressors.CompressionMode.Compress, false, true));

    public static byte[] Config(string architecture, params byte[][] layers) => Json(
        $$"""{"architecture":"{{architecture}}","os":"linux","config":{"Env":["A=b"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[{{Digests(layers)}}] } }""");

    /// <summary>As docker save wrote it since 1.10.</summary>
    public static byte[] DockerArchive(string tag, params byte[][] layers)
    {
        byte[] config = Config(Architecture, layers);
        string configName = $"{Digest.Of(config).Hex}.json";
        var names = layers.Select((_, i) => $"{Id(i)}/layer.tar").ToArray();
        string manifest = $$"""[{"Config":"{{configName}}","RepoTags":["{{tag}}"],"Layers":[{{string.Join(',', names.Select(name => $"\"{name}\""))}}]}]""";
        return Tar([.. names.Zip(layers), (configName, config), ("manifest.json", Json(manifest))]);
    }

    /// <summary>As docker save wrote it before 1.10.</summary>
    public static byte[] LegacyArchive(bool withRepositories, params byte[][] layers)
    {
        List<(string, byte[])> files = [];
        for (int i = 0; i < layers.Length; i++)
        {
            string parent = i == 0 ? "" : $$""","parent":"{{Id(i - 1)}}" """;
            files.Add(($"{Id(i)}/VERSION", Json("1.0")));
            files.Add(($"{Id(i)}/json", Json($$"""{"id":"{{Id(i)}}","architecture":"amd64","os":"linux","config":{"Cmd":["sh"]}{{parent}} }""")));
            files.Add(($"{Id(i)}/layer.tar", layers[i]));
        }

        if (withRepositories)
        {
            files.Add(("repositories", Json($$"""{"old":{"latest":"{{Id(layers.Length - 1)}}"} }""")));
        }

        return Tar([.. files]);
    }

    /// <summary>An OCI layout: the files of it, blobs first.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> OciLayout(params (string Platform, byte[][] Layers)[] images)
    {
        List<(string, byte[])> files = [];
        List<string> manifests = [];
        foreach (var (platform, layers) in images)
        {
            string[] parts = platform.Split('/');
            string config = Blob(files, Config(parts[1], [.. layers.Select(Unpacked)]), "application/vnd.oci.image.config.v1+json");
            string descriptors = string.Join(',', layers.Select(layer => Blob(files, layer, "application/vnd.oci.image.layer.v1.tar+gzip")));
            byte[] manifest = Json($$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{config}},"layers":[{{descriptors}}]}""");
            string variant = parts.Length > 2 ? $$""","variant":"{{parts[2]}}" """ : "";
            string extra = $$""","platform":{"os":"{{parts[0]}}","architecture":"{{parts[1]}}"{{variant}} }""";
            manifests.Add(Blob(files, manifest, "application/vnd.oci.image.manifest.v1+json", extra));
        }

        string top = manifests[0];
        if (images.Length > 1)
        {
            byte[] index = Json($$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{string.Join(',', manifests)}}]}""");
            top = Blob(files, index, "application/vnd.oci.image.index.v1+json");
        }

        files.Add(("oci-layout", Json("""{"imageLayoutVersion":"1.0.0"}""")));
        files.Add(("index.json", Json($$"""{"schemaVersion":2,"manifests":[{{top}}]}""")));
        return files;
    }

    public static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Json(string text)
    {
        // A slip of the pen here would make tests pass for the wrong reason.
        JsonDocument.Parse(text).Dispose();
        return Encoding.UTF8.GetBytes(text);
    }

    public static string Id(int layer) => new((char)('a' + layer), 64);

    private static string Digests(byte[][] layers) => string.Join(',', layers.Select(layer => $"\"{Digest.Of(layer)}\""));

    private static byte[] Unpacked(byte[] layer)
    {
        if (layer[0] != 0x1F)
        {
            return layer;
        }

        using var gzip = new GZipStream(new MemoryStream(layer), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Blob(List<(string, byte[])> files, byte[] content, string mediaType, string extra = "")
    {
        var digest = Digest.Of(content);
        if (!files.Exists(file => file.Item1.EndsWith(digest.Hex, StringComparison.Ordinal)))
        {
            files.Add(($"blobs/sha256/{digest.Hex}", content));
        }

        return $$"""{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{content.Length}}{{extra}} }""";
    }

    private static byte[] Through(byte[] bytes, Func<Stream, Stream> compress)
    {
        var output = new MemoryStream();
        using (var stream = compress(output))
        {
            stream.Write(bytes);
        }

        return output.ToArray();
    }
}
