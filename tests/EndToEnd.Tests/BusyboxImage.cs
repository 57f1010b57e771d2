using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Provenance.EndToEnd.Tests;

/// <summary>A small image made of Debian's busybox-static, in the packings that people have: the same files each time.</summary>
public static class BusyboxImage
{
    private const string Busybox = "/bin/busybox";

    private static readonly string[] Programs =
        ["sh", "cat", "cp", "date", "echo", "env", "false", "grep", "head", "hostname", "id", "kill", "ls", "mkdir", "mv", "pwd", "rm", "sed",
         "seq", "sleep", "sort", "stat", "tee", "test", "touch", "tr", "true", "uname", "wc", "whoami"];

    /// <summary>False when this machine has no busybox that runs without libraries.</summary>
    public static bool CanBeMade => File.Exists(Busybox);

    /// <summary>A root file system, as docker export makes it.</summary>
    public static void WriteTar(string path, byte[]? extra = null) => File.WriteAllBytes(path, Layer(extra));

    /// <summary>As <c>docker save</c> makes it.</summary>
    public static void WriteDockerArchive(string path)
    {
        byte[] layer = Layer(null);
        byte[] config = Encoding.UTF8.GetBytes(Config(layer));
        using var tar = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        string configName = Hex(config) + ".json";
        Add(tar, configName, config);
        Add(tar, "layer.tar", layer);
        string manifest = $$"""[{"Config":"{{configName}}","RepoTags":["example.org/box:1"],"Layers":["layer.tar"]}]""";
        Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest));
    }

    /// <summary>An OCI image layout, its layer compressed.</summary>
    public static void WriteLayout(string folder)
    {
        byte[] layer = Layer(null);
        byte[] config = Encoding.UTF8.GetBytes(Config(layer));
        byte[] packed = Gzip(layer);
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Descriptor("config.v1+json", config)}},"""
            + $$""" "layers":[{{Descriptor("layer.v1.tar+gzip", packed)}}]}""");
        foreach (byte[] blob in (byte[][])[config, packed, manifest])
        {
            string path = Path.Combine(folder, "blobs", "sha256", Hex(blob));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, blob);
        }

        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(folder, "index.json"),
            $$"""{"schemaVersion":2,"manifests":[{{Descriptor("manifest.v1+json", manifest)}}]}""");
    }

    private static byte[] Layer(byte[]? extra)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (string folder in (string[])["bin", "etc", "tmp", "var", "proc", "sys", "dev", "run"])
                tar.WriteEntry(New(TarEntryType.Directory, folder, folder == "tmp" ? 0x3FF : 0x1ED));
            Add(tar, "bin/busybox", File.ReadAllBytes(Busybox), 0x1ED);
            foreach (string program in Programs)
            {
                var link = New(TarEntryType.SymbolicLink, "bin/" + program, 0x1FF);
                link.LinkName = "busybox";
                tar.WriteEntry(link);
            }

            Add(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nada:x:2000:2000:Ada:/home/ada:/bin/sh\n"u8.ToArray());
            Add(tar, "etc/group", "root:x:0:\nada:x:2000:\n"u8.ToArray());
            if (extra is not null)
                Add(tar, "extra", extra);
        }

        return buffer.ToArray();
    }

    private static string Config(byte[] layer) =>
        $$"""{"architecture":"{{Architecture}}","os":"linux","config":{"Env":["PATH=/bin","GREETING=hello"],"Cmd":["echo","from the image"]},"""
        + $$$""" "rootfs":{"type":"layers","diff_ids":["sha256:{{{Hex(layer)}}}"]}}""";

    private static string Architecture =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private static string Descriptor(string type, byte[] content) =>
        $$"""{"mediaType":"application/vnd.oci.image.{{type}}","digest":"sha256:{{Hex(content)}}","size":{{content.Length}}}""";

    private static void Add(TarWriter tar, string name, byte[] content, int mode = 0x1A4)
    {
        TarEntry entry = tar.Format == TarEntryFormat.Ustar ? new UstarTarEntry(TarEntryType.RegularFile, name) : new PaxTarEntry(TarEntryType.RegularFile, name);
        entry.Mode = (UnixFileMode)mode;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.DataStream = new MemoryStream(content);
        tar.WriteEntry(entry);
    }

    private static PaxTarEntry New(TarEntryType type, string name, int mode) =>
        new(type, name) { Mode = (UnixFileMode)mode, ModificationTime = DateTimeOffset.UnixEpoch };

    private static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            gzip.Write(content);
        return buffer.ToArray();
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
