using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>One entry of the log: a record and the signature that came with it, by digest alone, so that a witness learns nothing.</summary>
/// <remarks>The same bytes, RFC 8785 JSON, wait in incoming/ until the record is sequenced. Schema: schema/json/leaf.schema.json.</remarks>
public sealed record LogLeaf
{
    public required RecordKind Kind { get; init; }

    /// <summary>The statement.</summary>
    public required LeafBlob Record { get; init; }

    /// <summary>The detached signature over it.</summary>
    public required LeafBlob Signature { get; init; }

    /// <exception cref="RecordFormatException">The bytes are no entry in the form we write.</exception>
    public static LogLeaf Parse(ReadOnlySpan<byte> json) =>
        RecordJson.Read(json, RecordJsonContext.Default.LogLeaf, "entry of the log");

    /// <summary>The entry of a record that an archive has, in the log or not.</summary>
    /// <exception cref="ArchiveException">Statement or signature cannot be read.</exception>
    public static LogLeaf Of(BlobStore blobs, RecordKind kind, Digest record, Digest signature) => new()
    {
        Kind = kind,
        Record = LeafBlob.Of(blobs.Read(record, CanonicalJson.MaxBytes)),
        Signature = LeafBlob.Of(blobs.Read(signature, CmsVerifier.MaxSignatureBytes)),
    };

    public byte[] ToBytes() => RecordJson.Write(this, RecordJsonContext.Default.LogLeaf);
}
