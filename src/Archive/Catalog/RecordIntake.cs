using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>The one way a record enters the archive. When <see cref="Accept"/> returns, no crash loses the record.</summary>
/// <remarks>The same record twice, be it with another signature, is one entry of the log: with the signature that was sequenced first.</remarks>
public sealed class RecordIntake
{
    private readonly BlobStore _blobs;
    private readonly FolderSync _sync;
    private readonly Action<SequencingStep>? _onStep;

    public RecordIntake(BlobStore blobs, FolderSync sync)
        : this(blobs, sync, onStep: null)
    {
    }

    internal RecordIntake(BlobStore blobs, FolderSync sync, Action<SequencingStep>? onStep)
    {
        _blobs = blobs;
        _sync = sync;
        _onStep = onStep;
    }

    /// <summary>What became of log and catalog after the last record was accepted; the record is safe in any case.</summary>
    public SequencingReport? LastSequencing { get; private set; }

    /// <summary>Keeps a signed statement, acknowledges it, and puts it into log and catalog unless another process is about that.</summary>
    /// <returns>The record's name: the SHA-256 of the statement.</returns>
    /// <exception cref="ArchiveException">The statement is none of that kind, or the signature is no signature over it; nothing was acknowledged.</exception>
    public Digest Accept(RecordKind kind, ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature)
    {
        var record = Acknowledge(kind, statement, signature);
        LastSequencing = SequenceIncoming();
        return record;
    }

    /// <summary>As <see cref="Accept"/>, but leaves log and catalog to a later call of <see cref="SequenceIncoming"/>, by anybody.</summary>
    /// <param name="with">Blobs that the record names and that are made durable with it; null for none.</param>
    /// <exception cref="ArchiveException">As for <see cref="Accept"/>.</exception>
    public Digest Acknowledge(
        RecordKind kind, ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature, BlobBatch? with = null)
    {
        Check(kind, statement, signature);
        var leaf = new LogLeaf
        {
            Kind = kind,
            Record = LeafBlob.Of(statement.Span),
            Signature = LeafBlob.Of(signature.Span),
        };
        var incoming = new IncomingRecords(_blobs.Layout, _sync);
        string prepared = "";
        using var own = with is null ? new BlobBatch(_blobs) : null;
        var batch = with ?? own!;
        batch.Put(MediaTypes.Statement, statement.Span);
        batch.Put(MediaTypes.CmsSignature, signature.Span);
        batch.Commit(() => prepared = incoming.Prepare(leaf));
        _onStep?.Invoke(SequencingStep.Kept);

        incoming.Drop(leaf, prepared);
        _onStep?.Invoke(SequencingStep.Acknowledged);
        return leaf.Record.Digest;
    }

    /// <summary>Puts everything acknowledged into log and catalog, unless another process is about that.</summary>
    public SequencingReport SequenceIncoming() => new Sequencer(_blobs, _sync, _onStep).Run();

    /// <summary>The whole statement is parsed now, so that nothing enters the log that the catalog cannot read.</summary>
    private static void Check(RecordKind kind, ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature)
    {
        object predicate = RecordJson.ParsePredicate(kind, statement.Span);
        var verification = Signer.Verify(statement, signature);
        if (verification.Outcome != SignatureOutcome.Valid)
        {
            throw new TrustException(
                $"signature of the {StatementTypes.NameOf(kind)} record", verification.Problem ?? "does not hold");
        }

        var named = predicate switch
        {
            EndorsementRecord endorsement => endorsement.Certificate,
            CitationRecord citation => citation.Certificate,
            TombstoneRecord tombstone => tombstone.Certificate,
            _ => null,
        };
        if (named is not null && named != verification.Signer?.Fingerprint)
        {
            throw new TrustException($"{StatementTypes.NameOf(kind)} record", $"says that certificate {named} signs it, another did");
        }
    }
}
