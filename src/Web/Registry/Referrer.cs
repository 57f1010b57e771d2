using System.Text.Json;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Web.Registry;

/// <summary>A signed record of an image, as an artifact that refers to it: statement and signature are its layers. It is the same bytes each time.</summary>
internal sealed class Referrer
{
    /// <summary>The two bytes <c>{}</c>. Source: OCI image-spec v1.1.1, manifest.md, "Guidance for an empty descriptor".</summary>
    public static readonly byte[] EmptyConfig = [(byte)'{', (byte)'}'];

    private const string EmptyType = "application/vnd.oci.empty.v1+json";
    private const string ArtifactType = "application/vnd.x-prov.record.v1+json";

    private Referrer(ReferrerManifest manifest)
    {
        Content = JsonSerializer.SerializeToUtf8Bytes(manifest, RegistryJson.Default.ReferrerManifest);
        Digest = Digest.Of(Content);
        Descriptor = new ReferrerDescriptor(MediaTypes.ImageManifest, Digest.ToString(), Content.Length, manifest.ArtifactType, manifest.Annotations);
    }

    public byte[] Content { get; }

    public Digest Digest { get; }

    public ReferrerDescriptor Descriptor { get; }

    /// <param name="row">The record, of an image.</param>
    /// <param name="image">What it says.</param>
    /// <param name="blobs">Where statement and signature are.</param>
    public static Referrer Of(RecordRow row, ImageRecord image, BlobStore blobs) => new(new ReferrerManifest
    {
        SchemaVersion = 2,
        MediaType = MediaTypes.ImageManifest,
        ArtifactType = ArtifactType,
        Config = new ReferrerDescriptor(EmptyType, Digest.Of(EmptyConfig).ToString(), EmptyConfig.Length),
        Layers =
        [
            new ReferrerDescriptor(MediaTypes.Statement, row.Record.ToString(), blobs.SizeOf(row.Record)),
            new ReferrerDescriptor(MediaTypes.CmsSignature, row.Signature.ToString(), blobs.SizeOf(row.Signature)),
        ],
        Subject = new ReferrerDescriptor(image.Manifest.MediaType, image.Manifest.Digest.ToString(), image.Manifest.Size),
        Annotations = new Dictionary<string, string> { ["in-toto.io/predicate-type"] = StatementTypes.Image },
    });
}
