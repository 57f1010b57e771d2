using System.Security.Cryptography;
using System.Text.Json;
using Provenance.Archive.Content;

namespace Provenance.Web.Registry.Pushing;

/// <summary>An OCI image layout with one image of the archive, for as long as it is needed: its blobs are the archive's.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, image-layout.md.</remarks>
internal sealed class LinkedLayout : IDisposable
{
    private const int NameBytes = 16;

    public LinkedLayout(StoreLayout layout, Descriptor manifest, string tag)
    {
        Path = System.IO.Path.Combine(layout.Temporary, $"pushed-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}");
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "blobs"));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, "blobs", "sha256"), layout.Blobs);
        Write("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8);
        var entry = new ReferrerDescriptor(
            manifest.MediaType, manifest.Digest.ToString(), manifest.Size,
            Annotations: new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = tag });
        Write("index.json", JsonSerializer.SerializeToUtf8Bytes(new ReferrerIndex(2, MediaTypes.ImageIndex, [entry]), RegistryJson.Default.ReferrerIndex));
    }

    public string Path { get; }

    /// <summary>It need not survive anything: whoever pushes again makes it anew.</summary>
    private void Write(string name, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(System.IO.Path.Combine(Path, name), FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, content, 0);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
