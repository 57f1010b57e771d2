using System.Reflection;
using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using SharpCompress.Compressors.ZStandard;

namespace Provenance.Archive.Exchange;

/// <summary>Writes a bundle as a tar: in order of name, and the same bytes for the same records. Every blob is proved as it is written.</summary>
public sealed class BundleExporter(BlobStore blobs)
{
    private const int ZstdLevel = 3;

    /// <param name="bundle">What goes in.</param>
    /// <param name="packing">In which form.</param>
    /// <param name="output">Stays open.</param>
    /// <param name="progress">Told of bytes of files written so far.</param>
    /// <param name="cancellation">Ends writing.</param>
    /// <exception cref="ArchiveException">A blob is missing, or is not what its name says.</exception>
    public void Write(Bundle bundle, BundlePacking packing, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var packed = packing.Zstd ? new CompressionStream(output, ZstdLevel, bufferSize: 0, leaveOpen: true) : null;
        using var tar = new BundleWriter(packed ?? output, progress, cancellation);
        var files = FilesOf(bundle);
        if (packing.Bag)
        {
            WriteBag(bundle, files, tar);
            return;
        }

        foreach (var file in files)
        {
            tar.Write(file);
        }
    }

    /// <summary>In order of name, so that the manifest is the first.</summary>
    internal List<BundleFile> FilesOf(Bundle bundle)
    {
        var files = new List<BundleFile>
        {
            BundleFile.Of(BundleNames.Manifest, bundle.Manifest.ToBytes()),
            BundleFile.Of(BundleNames.Readme, BundleReadme.Of(bundle)),
            BundleFile.Of(BundleNames.OciIndex, IndexOf(bundle)),
            BundleFile.Of(BundleNames.OciLayout, IndexFile.LayoutBytes),
            BundleFile.Of(BundleNames.ProvJson, new ProvJson(bundle, blobs).ToBytes()),
            BundleFile.Of(BundleNames.RoCrate, new RoCrate(bundle, blobs).ToBytes()),
            BundleFile.Of(BundleNames.Script, Script()),
        };
        files.AddRange(bundle.Blobs.Select(blob => new BundleFile(BundleNames.Blob(blob.Digest), blob.Size, () => blobs.Open(blob))));
        files.AddRange(bundle.Records
            .SelectMany(record => CmsReader.Read(record.Signed.Signature).Certificates)
            .DistinctBy(der => Digest.Of(der))
            .Select(der => BundleFile.Of(BundleNames.Certificate(Digest.Of(der)), Pem(der))));
        files.AddRange(bundle.Records
            .Where(record => record.Proof is not null)
            .Select(record => BundleFile.Of(BundleNames.Proof(record.Signed.Record), record.Proof!)));
        files.AddRange(bundle.Records
            .SelectMany(record => record.Origins)
            .Select(origin => BundleFile.Of(BundleNames.Origin(origin.Name), origin.Bytes.ToArray())));
        files.AddRange(bundle.Seals.SelectMany(seal => new[]
        {
            new BundleFile(BundleNames.SealSums(seal.Listed.Token.Digest), seal.Listed.Sums.Size, () => File.OpenRead(seal.Place.SumsPath)),
            new BundleFile(BundleNames.SealToken(seal.Listed.Token.Digest), seal.Listed.Token.Size, () => File.OpenRead(seal.Place.TokenPath)),
        }));
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    /// <summary>The tag files that tell of the payload come after it, for they hold its checksums: nothing is read twice.</summary>
    private static void WriteBag(Bundle bundle, List<BundleFile> files, BundleWriter tar)
    {
        // RFC 8493 §4: a serialized bag is one folder.
        string folder = $"{bundle.Stem}.prov/";
        byte[] info = BagFiles.InfoBytes(files.Sum(file => file.Size), files.Count, string.Join(' ', bundle.Manifest.Roots));
        var tags = Write(BundleFile.Of(BagFiles.Info, info), BundleFile.Of(BagFiles.Declaration, BagFiles.DeclarationBytes));
        var payload = Write([.. files.Select(file => file with { Name = BagFiles.Payload + file.Name })]);
        tags.AddRange(Write(
            BundleFile.Of(BagFiles.Sha256Manifest, BagFiles.ManifestBytes(payload, sha512: false)),
            BundleFile.Of(BagFiles.Sha512Manifest, BagFiles.ManifestBytes(payload, sha512: true))));
        Write(
            BundleFile.Of(BagFiles.Sha256TagManifest, BagFiles.ManifestBytes(tags, sha512: false)),
            BundleFile.Of(BagFiles.Sha512TagManifest, BagFiles.ManifestBytes(tags, sha512: true)));

        List<(string Name, Descriptor Content)> Write(params BundleFile[] members) =>
            [.. members.Select(member => (member.Name, tar.WriteDescribed(member, folder)))];
    }

    /// <summary>An image that came from two places has two records, and one name.</summary>
    private static byte[] IndexOf(Bundle bundle) => MadeDocuments.Index(bundle.Records
        .Where(record => record.Predicate is ImageRecord)
        .Select(record => (Image: ImportedImage.Of((ImageRecord)record.Predicate), record.Signed.Record))
        .DistinctBy(image => image.Image.Manifest.Digest)
        .Select(image => ImageNames.ToDescriptor(
            bundle.ImageNames.GetValueOrDefault(image.Image.Manifest.Digest), image.Image, image.Record)));

    private static byte[] Pem(byte[] der) => System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", der) + "\n");

    /// <summary>The very file that stands in the sources as schema/verify-bundle.sh.</summary>
    private static byte[] Script()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("verify-bundle.sh")
            ?? throw new InvalidOperationException("verify-bundle.sh is not in this program");
        using var script = new MemoryStream();
        resource.CopyTo(script);
        return script.ToArray();
    }
}
