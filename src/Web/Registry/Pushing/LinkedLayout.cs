using System.Security.Cryptography;
using System.Text.Json;
using Provenance.Archive.Content;

namespace Provenance.Web.Registry.Pushing;

/// <summary>An OCI image layout with one image of the archive, for as long as it is needed: its blobs are the archive's.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, image-layout.md.</remarks>
internal sealed class LinkedLayout : IDisposable
{
    private const string Prefix = "pushed-";
    private const int NameBytes = 16;

    public LinkedLayout(StoreLayout layout, Descriptor manifest, string tag)
    {
        Path = System.IO.Path.Combine(layout.Temporary, $"{Prefix}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}");
        var own = new StoreLayout(Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(own.Blobs)!);
        Directory.CreateSymbolicLink(own.Blobs, layout.Blobs);
        Write(own.OciLayout, """{"imageLayoutVersion":"1.0.0"}"""u8);
        var entry = new ReferrerDescriptor(
            manifest.MediaType, manifest.Digest.ToString(), manifest.Size,
            Annotations: new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = tag });
        Write(own.Index, JsonSerializer.SerializeToUtf8Bytes(new ReferrerIndex(2, MediaTypes.ImageIndex, [entry]), RegistryJson.Default.ReferrerIndex));
    }

    public string Path { get; }

    /// <summary>Removes what a server that was killed has left.</summary>
    public static void RemoveLeftovers(StoreLayout layout, DateTimeOffset before)
    {
        foreach (var folder in new DirectoryInfo(layout.Temporary) is { Exists: true } all ? all.EnumerateDirectories($"{Prefix}*") : [])
        {
            if (folder.LastWriteTimeUtc < before)
            {
                folder.Delete(recursive: true); // of the link in it the link goes, and not the blobs
            }
        }
    }

    /// <summary>It need not survive anything: whoever pushes again makes it anew.</summary>
    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, content, 0);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
