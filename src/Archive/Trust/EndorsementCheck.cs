using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>Judges the endorsements of a record, each by itself: one that does not hold does not count, and does the record no harm.</summary>
/// <remarks>Else anybody could spoil a record by what they put beside it.</remarks>
internal sealed class EndorsementCheck(BlobStore blobs, TrustedCertificates trusted, TimeProvider time)
{
    /// <param name="record">What must be endorsed.</param>
    /// <param name="statement">Its bytes.</param>
    /// <param name="found">The endorsements.</param>
    /// <param name="seals">Asks the seals; null where there are none.</param>
    public IReadOnlyList<Endorsement> Judge(
        Digest record, ReadOnlyMemory<byte> statement, IEnumerable<(Digest Endorsement, Digest Signature)> found, SealLookup? seals)
    {
        var all = found.ToList();
        if (all.Count == 0)
        {
            return []; // nothing is to be hashed for nobody
        }

        var expected = Transparency.LeafBlob.Of(statement.Span);
        return [.. all.Select(one => Judge(one.Endorsement, one.Signature))];

        Endorsement Judge(Digest endorsement, Digest signature)
        {
            try
            {
                byte[] bytes = blobs.Read(endorsement, CanonicalJson.MaxBytes);
                var predicate = RecordJson.ParseEndorsement(bytes).Predicate;
                byte[] p7s = blobs.Read(signature, CmsVerifier.MaxSignatureBytes);
                var verification = CmsVerifier.Verify(bytes, p7s, trusted, time.GetUtcNow(), seals?.Invoke(endorsement, signature));
                return new Endorsement
                {
                    Record = endorsement,
                    Comment = predicate.Comment,
                    Signature = verification,
                    Problem = predicate.Record != expected ? $"is of other bytes than record '{record.Abbreviated}' has" : Problem(predicate, verification),
                };
            }
            catch (ArchiveException e)
            {
                return new Endorsement { Record = endorsement, Problem = e.Message };
            }
        }
    }

    private string? Problem(EndorsementRecord endorsement, SignatureVerification verification) =>
        verification.Outcome != SignatureOutcome.Valid ? $"its signature {verification.Problem}"
            : verification.Signer!.Fingerprint != endorsement.Certificate ? "says that another certificate signs it"
            : verification.Trust is { IsTrusted: false } trust ? trust.Reason
            : trusted.Policy.Problem(RecordKind.Endorsement, verification);
}
