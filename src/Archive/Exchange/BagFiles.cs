using System.Globalization;
using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>The files that make a folder a bag, and what is in them.</summary>
/// <remarks>Source: RFC 8493, The BagIt File Packaging Format (V1.0), sections 2.1 to 2.2.</remarks>
internal static class BagFiles
{
    public const string Declaration = "bagit.txt";
    public const string Info = "bag-info.txt";
    public const string Payload = "data/";
    public const string Sha256Manifest = "manifest-sha256.txt";
    public const string Sha512Manifest = "manifest-sha512.txt";
    public const string Sha256TagManifest = "tagmanifest-sha256.txt";
    public const string Sha512TagManifest = "tagmanifest-sha512.txt";

    /// <summary>§2.1.1: these two lines and no others.</summary>
    public static byte[] DeclarationBytes => "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"u8.ToArray();

    /// <summary>Where both manifests for the payload and both for the tag files stand, in this order.</summary>
    public static IReadOnlyList<string> Manifests => [Sha256Manifest, Sha512Manifest, Sha256TagManifest, Sha512TagManifest];

    public static bool IsTagManifest(string name) => name is Sha256TagManifest or Sha512TagManifest;

    /// <summary>§2.2.2. Without a date: the same archive makes the same bag.</summary>
    /// <param name="bytes">Of the payload.</param>
    /// <param name="files">Of the payload.</param>
    /// <param name="identifier">What the bundle is of.</param>
    public static byte[] InfoBytes(long bytes, int files, string identifier) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"Bag-Software-Agent: prov\nExternal-Identifier: {identifier}\nPayload-Oxum: {bytes}.{files}\n"));

    /// <summary>§2.1.3: a checksum and a path a line, as sha256sum writes and reads it.</summary>
    public static byte[] ManifestBytes(IEnumerable<(string Name, Descriptor Content)> files, bool sha512)
    {
        var text = new StringBuilder();
        foreach (var (name, content) in files)
        {
            text.Append(sha512 ? content.Sha512 : content.Digest.Hex).Append("  ").Append(name).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
