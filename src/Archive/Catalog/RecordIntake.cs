using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>The one way a record enters the archive. When <see cref="Accept"/> returns, no crash loses the record.</summary>
public sealed class RecordIntake(BlobStore blobs, FolderSync sync)
{
    /// <summary>What became of the log and the catalog after the last record was accepted; the record is safe in any case.</summary>
    public SequencingReport? LastSequencing { get; private set; }

    /// <summary>Keeps a signed statement, acknowledges it, and puts it into log and catalog unless another process is about that.</summary>
    /// <returns>The record's name: the SHA-256 of the statement.</returns>
    /// <exception cref="ArchiveException">The statement is none of that kind, or the signature is no signature over it; nothing was acknowledged.</exception>
    public Digest Accept(RecordKind kind, ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature)
    {
        _ = (blobs, sync, kind, signature);
        throw new NotImplementedException(Digest.Of(statement.Span).ToString());
    }

    /// <summary>Puts everything acknowledged into the log and the catalog.</summary>
    public SequencingReport SequenceIncoming() => throw new NotImplementedException();
}
