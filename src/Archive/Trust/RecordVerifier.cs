using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>Checks a record of an archive: its signature, who made it and is trusted, who else signed, the log, and every byte it names. Offline.</summary>
/// <param name="blobs">Of the archive.</param>
/// <param name="certificates">Who is trusted.</param>
/// <param name="time">The clock.</param>
/// <param name="evidence">What the archive's records say of certificates; null where they are not asked.</param>
public sealed class RecordVerifier(BlobStore blobs, TrustedCertificates certificates, TimeProvider time, TrustEvidence? evidence = null)
{
    private readonly TrustedCertificates _trusted = evidence is null ? certificates : certificates.With(blobs, evidence, time);

    /// <summary>
    /// Whether bytes are read by the caller's thread alone. Where hundreds verify at once, each would wait for threads that all wait, and nothing goes on.
    /// </summary>
    public bool OnOneThread { get; init; }

    /// <summary>Asks what the logs of other archives prove; null where they are not asked.</summary>
    public OriginLookup? Origin { get; init; }

    private static readonly string[] NotReached = ["identity", "time", "trust", "endorsed", "log", "bytes"];

    /// <param name="record">Digest of the statement.</param>
    /// <param name="signature">Digest of the detached signature.</param>
    /// <param name="scope">How far the check of the bytes goes.</param>
    /// <param name="log">Asks the log; null where there is none.</param>
    /// <param name="seals">Asks the seals; null where there are none.</param>
    /// <param name="endorsements">Finds who else signed; null where nobody is looked for.</param>
    public RecordVerification Verify(
        Digest record,
        Digest signature,
        VerificationScope scope = VerificationScope.Record,
        LogCheck? log = null,
        SealLookup? seals = null,
        EndorsementLookup? endorsements = null)
    {
        byte[] statement;
        SignatureVerification verification;
        var (sealedAt, brokenSeal) = Find(seals, record, signature);
        try
        {
            statement = blobs.Read(record, CanonicalJson.MaxBytes);
            byte[] p7s = blobs.Read(signature, CmsVerifier.MaxSignatureBytes);
            verification = CmsVerifier.Verify(statement, p7s, _trusted, time.GetUtcNow(), sealedAt);
        }
        catch (ArchiveException e)
        {
            return Unreadable(record, e.Message);
        }

        var kind = FindKind(statement);
        var endorsed = new EndorsementCheck(blobs, _trusted, time).Judge(record, statement, endorsements?.Invoke(record) ?? [], seals);
        return new RecordVerification
        {
            Record = record,
            Kind = kind,
            Signature = verification,
            Endorsements = endorsed,
            Checks = _trusted.Policy.Apply(
            [
                .. SignatureFacts.Of(verification).Select(fact => fact.Name == "time" && brokenSeal is not null
                    ? fact with { Outcome = CheckOutcome.Failed, Detail = brokenSeal }
                    : fact),
                SignatureFacts.Endorsed(endorsed),
                log?.Invoke(record, signature) ?? Fact("log", CheckOutcome.Absent, "no log was asked"),
                .. Origin?.Invoke(record, signature) is { } origin ? [origin] : Array.Empty<VerificationCheck>(),
                scope == VerificationScope.Statement
                    ? Fact("bytes", CheckOutcome.Absent, "not read this time")
                    : new RecordBytes(blobs, scope, OnOneThread).Check(statement),
            ], kind, verification, endorsed),
        };
    }

    /// <returns>The time, or what is the matter with the seal; both null when there is none.</returns>
    private static (TimestampVerification? Time, string? Problem) Find(SealLookup? seals, Digest record, Digest signature)
    {
        try
        {
            return (seals?.Invoke(record, signature), null);
        }
        catch (ArchiveException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Of a statement that lies outside the archive: what it names is not looked for, which leaves the verification incomplete.</summary>
    /// <param name="statement">Its exact bytes.</param>
    /// <param name="p7s">DER of the detached signature.</param>
    public RecordVerification VerifyFiles(byte[] statement, byte[] p7s)
    {
        var verification = CmsVerifier.Verify(statement, p7s, _trusted, time.GetUtcNow());
        var kind = FindKind(statement);
        return new RecordVerification
        {
            Record = Digest.Of(statement),
            Kind = kind,
            Signature = verification,
            Checks = _trusted.Policy.Apply(
            [
                .. SignatureFacts.Of(verification),
                Fact("endorsed", CheckOutcome.Absent, "nobody is looked for outside an archive"),
                Fact("log", CheckOutcome.Absent, "a file outside the archive is in no log of it"),
                Fact("bytes", CheckOutcome.Incomplete, "what it names is not looked for outside an archive"),
            ], kind, verification, []),
        };
    }

    /// <summary>What a verification comes to where statement or signature cannot be read.</summary>
    public static RecordVerification Unreadable(Digest record, string reason) => new()
    {
        Record = record,
        Signature = new SignatureVerification
        {
            Outcome = SignatureOutcome.Malformed,
            Problem = reason,
            JudgedAt = default,
        },
        Checks =
        [
            Fact("signature", CheckOutcome.Failed, reason),
            .. NotReached.Select(name =>
                Fact(name, CheckOutcome.Absent, "not checked, for the record cannot be read")),
        ],
    };

    private static RecordKind? FindKind(byte[] statement)
    {
        try
        {
            return RecordJson.KindOf(statement);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private static VerificationCheck Fact(string name, CheckOutcome outcome, string detail) =>
        new() { Name = name, Outcome = outcome, Detail = detail };
}
