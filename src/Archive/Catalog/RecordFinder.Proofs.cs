using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>What logs and seals prove of records.</summary>
public sealed partial class RecordFinder
{
    /// <summary>Whether the log holds the record with this signature, by a proof of inclusion. A <see cref="LogCheck"/>.</summary>
    public VerificationCheck CheckLog(Digest record, Digest signature) =>
        _inclusion.Check(Find(record.Hex), record, signature);

    /// <summary>What the log shows of a record that is in it.</summary>
    /// <exception cref="ArchiveException">The record is not in the log, or something that the log shows does not hold.</exception>
    public InclusionFacts ProveInclusion(Digest record, Digest signature) =>
        Find(record.Hex)?.LogIndex is { } index
            ? _inclusion.Prove(index, record, signature)
            : throw new LogException($"record '{record.Abbreviated}': is not in this archive's log");

    /// <summary>What shows to a stranger that the log holds the record. A <see cref="Exchange.LogProofSource"/>.</summary>
    /// <returns>C2SP tlog-proof; null while the record waits, and where no key has signed the log.</returns>
    public byte[]? FindProof(RecordRow record) =>
        record.LogIndex is { } index ? _inclusion.FindProof(index, record.Record, record.Signature)?.ToBytes() : null;

    /// <summary>What the logs of archives that the record came from prove of it. An <see cref="OriginLookup"/>.</summary>
    public VerificationCheck? CheckOrigins(Digest record, Digest signature)
    {
        try
        {
            return _origins.Names(record).Count > 0 && Find(record.Hex) is { } row
                ? OriginCheck.Judge(
                    LogLeaf.Of(_blobs, row.Kind, record, signature), [.. _origins.Of(record).Select(kept => kept.Proof)], KnownKeys.Load(_blobs.Layout))
                : null;
        }
        catch (ArchiveException e)
        {
            return OriginCheck.Fact(CheckOutcome.Failed, e.Message);
        }
    }

    /// <summary>The same proofs, to go along with the record.</summary>
    /// <exception cref="ArchiveException">One is damaged, or leads elsewhere.</exception>
    public IReadOnlyList<OriginProof> OriginsOf(RecordRow row)
    {
        var kept = _origins.Of(row.Record);
        byte[] entry = kept.Count == 0 ? [] : LogLeaf.Of(_blobs, row.Kind, row.Record, row.Signature).ToBytes();
        foreach (var origin in kept)
        {
            origin.Proof.Verify(entry, KnownKeys.None);
        }

        return kept;
    }

    /// <summary>The time that a seal proves for the record with this signature. A <see cref="SealLookup"/>.</summary>
    /// <param name="record">The statement.</param>
    /// <param name="signature">Over it.</param>
    /// <param name="seals">Of this archive, and those that it keeps of others.</param>
    public TimestampVerification? FindSeal(Digest record, Digest signature, SealCheck seals) =>
        (seals.All.Count > 0 || seals.HasOrigins) && Find(record.Hex) is { } row
            ? seals.Find(
                seals.All.Count > 0 && row.LogIndex is { } index && _inclusion.Holds(index, record, signature) ? index : null,
                seals.HasOrigins ? LogLeaf.Of(_blobs, row.Kind, record, signature) : null)
            : null;
}
