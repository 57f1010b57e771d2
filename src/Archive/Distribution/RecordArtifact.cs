using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;

namespace Provenance.Archive.Distribution;

/// <summary>A signed record of an image as an artifact that refers to it: statement and signature are its layers. It is the same bytes each time.</summary>
public static class RecordArtifact
{
    public const string ArtifactType = "application/vnd.x-prov.record.v1+json";

    private const string PredicateType = "in-toto.io/predicate-type";

    /// <param name="row">The record, of an image.</param>
    /// <param name="image">The image's manifest.</param>
    /// <param name="blobs">Where statement and signature are.</param>
    public static OutgoingArtifact Of(RecordRow row, Descriptor image, BlobStore blobs)
    {
        Descriptor[] layers =
        [
            new() { MediaType = MediaTypes.Statement, Digest = row.Record, Size = blobs.SizeOf(row.Record) },
            new() { MediaType = MediaTypes.CmsSignature, Digest = row.Signature, Size = blobs.SizeOf(row.Signature) },
        ];
        var annotations = new Dictionary<string, string> { [PredicateType] = StatementTypes.Image };
        byte[] bytes = MadeDocuments.Artifact(new OciDocument
        {
            ArtifactType = ArtifactType,
            Layers = [.. layers.Select(OciDescriptor.Of)],
            Subject = OciDescriptor.Of(image),
            Annotations = annotations,
        });
        return new OutgoingArtifact
        {
            Bytes = bytes,
            Manifest = new Descriptor { MediaType = MediaTypes.ImageManifest, Digest = Digest.Of(bytes), Size = bytes.Length },
            ArtifactType = ArtifactType,
            Annotations = annotations,
            Subject = image,
            Layers = [.. layers.Select(layer => (layer, (Func<Stream>)(() => blobs.Open(layer))))],
        };
    }
}
