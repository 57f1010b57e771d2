using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>Checks a record of an archive: its signature, who made it, whether they are trusted here, the log, and every byte it names. Offline.</summary>
public sealed class RecordVerifier(BlobStore blobs, TrustedCertificates trusted, TimeProvider time)
{
    private static readonly string[] NotReached = ["identity", "trust", "log", "bytes"];

    /// <param name="record">Digest of the statement.</param>
    /// <param name="signature">Digest of the detached signature.</param>
    /// <param name="scope">How far the check of the bytes goes.</param>
    /// <param name="log">Asks the log; null where there is none.</param>
    public RecordVerification Verify(
        Digest record, Digest signature, VerificationScope scope = VerificationScope.Record, LogCheck? log = null)
    {
        byte[] statement;
        SignatureVerification verification;
        try
        {
            statement = blobs.Read(record, CanonicalJson.MaxBytes);
            byte[] p7s = blobs.Read(signature, CmsVerifier.MaxSignatureBytes);
            verification = CmsVerifier.Verify(statement, p7s, trusted, time.GetUtcNow());
        }
        catch (ArchiveException e)
        {
            return Unreadable(record, e.Message);
        }

        return new RecordVerification
        {
            Record = record,
            Kind = FindKind(statement),
            Signature = verification,
            Checks =
            [
                SignatureFact(verification),
                IdentityFact(verification),
                TrustFact(verification),
                log?.Invoke(record, signature) ?? Fact("log", CheckOutcome.Absent, "no log was asked"),
                new RecordBytes(blobs, scope).Check(statement),
            ],
        };
    }

    private static VerificationCheck SignatureFact(SignatureVerification verification) =>
        verification.Outcome == SignatureOutcome.Valid
            ? Fact("signature", CheckOutcome.Ok, $"valid, {verification.Algorithm}")
            : Fact("signature", CheckOutcome.Failed, $"{Word(verification.Outcome)}: {verification.Problem}");

    private static VerificationCheck IdentityFact(SignatureVerification verification) =>
        verification.Signer is { } signer
            ? Fact("identity", CheckOutcome.Ok, $"{signer.Name}, certificate {signer.Fingerprint}")
            : Fact("identity", CheckOutcome.Absent, "nobody, for the signature is not valid");

    private static VerificationCheck TrustFact(SignatureVerification verification) =>
        verification.Trust is { } trust
            ? Fact("trust", trust.IsTrusted ? CheckOutcome.Ok : CheckOutcome.Failed, trust.Reason)
            : Fact("trust", CheckOutcome.Absent, "nobody to trust, for the signature is not valid");

    private static RecordVerification Unreadable(Digest record, string reason) => new()
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

    private static string Word(SignatureOutcome outcome) => outcome switch
    {
        SignatureOutcome.Unsupported => "not supported",
        SignatureOutcome.Wrong => "wrong",
        _ => "malformed",
    };

    private static VerificationCheck Fact(string name, CheckOutcome outcome, string detail) =>
        new() { Name = name, Outcome = outcome, Detail = detail };
}
