using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Reads the blobs that an entry of the log names, proving their sizes and digests.</summary>
internal sealed class RecordReader(BlobStore blobs)
{
    /// <exception cref="ArchiveException">A blob is missing, or is not what the entry says.</exception>
    public SignedStatement Read(LogLeaf leaf)
    {
        byte[] statement = blobs.Read(leaf.Record.ToDescriptor(MediaTypes.Statement), CanonicalJson.MaxBytes);
        byte[] signature = blobs.Read(
            leaf.Signature.ToDescriptor(MediaTypes.CmsSignature), CmsVerifier.MaxSignatureBytes);
        var kind = RecordJson.KindOf(statement);
        return kind == leaf.Kind
            ? new SignedStatement
            {
                Record = leaf.Record.Digest,
                Kind = kind,
                Statement = statement,
                Signature = signature,
            }
            : throw new LogException(
                $"record '{leaf.Record.Digest}': is of kind {StatementTypes.NameOf(kind)}, the log says {StatementTypes.NameOf(leaf.Kind)}");
    }
}
