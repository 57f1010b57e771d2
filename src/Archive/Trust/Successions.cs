using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Trust;

/// <summary>Certificates that are believed because a key that is trusted here has named them as its successor.</summary>
/// <remarks>
/// 1 the statement is of these two certificates, by both digests · 2 the old key has signed it, and is trusted for the time at which that is proven,
/// else for now · 3 the new key has signed it too, as an endorsement: nobody names somebody else's key · 4 both are one person's. The old key
/// may be a successor itself. Specified in schema/FORMAT.d/trust.md.
/// </remarks>
internal sealed class Successions(BlobStore blobs, TrustEvidence evidence, TimeProvider time)
{
    private const int MaxGenerations = 32;

    /// <summary>Rotations to one certificate that are looked at: anybody can write more.</summary>
    private const int MaxTried = 16;

    private readonly Dictionary<Digest, CertificateTrust?> _judged = [];
    private int _generations;

    /// <param name="certificate">That is not trusted by itself.</param>
    /// <param name="trusted">Who is.</param>
    /// <returns>Null when no rotation names it.</returns>
    public CertificateTrust? Judge(X509Certificate2 certificate, TrustedCertificates trusted)
    {
        var fingerprint = Digest.Of(certificate.RawDataMemory.Span);
        if (_judged.TryGetValue(fingerprint, out var known))
        {
            return known;
        }

        if (_generations == MaxGenerations)
        {
            return null;
        }

        _judged.Add(fingerprint, null); // a circle leads nowhere
        _generations++;
        var found = evidence.Rotations(fingerprint).Take(MaxTried).Select(one => Judge(certificate, one.Rotation, one.Signature, trusted)).ToList();
        _generations--;
        return _judged[fingerprint] = found.Find(trust => trust.IsTrusted) ?? found.FirstOrDefault();
    }

    private CertificateTrust Judge(X509Certificate2 certificate, Digest rotation, Digest signature, TrustedCertificates trusted)
    {
        try
        {
            byte[] statement = blobs.Read(rotation, CanonicalJson.MaxBytes);
            byte[] p7s = blobs.Read(signature, CmsVerifier.MaxSignatureBytes);
            var said = RecordJson.ParseRotation(statement).Predicate;
            var old = CmsVerifier.Verify(statement, p7s, trusted, time.GetUtcNow(), evidence.Seals?.Invoke(rotation, signature));
            return (Mismatch(certificate, said, old, p7s) ?? Untrusted(old, trusted) ?? NotCountersigned(rotation, statement, said)) is { } problem
                ? Refused(rotation, problem)
                : new CertificateTrust
                {
                    IsTrusted = true,
                    Reason = $"by rotation {rotation.Abbreviated} the successor of key {said.Old.Digest.Hex[..16]}, {old.Trust!.Reason}",
                    Through = [said.New.Digest, .. old.Trust.Through],
                    Predecessors = [said.Old.Digest, .. old.Trust.Predecessors],
                };
        }
        catch (ArchiveException e)
        {
            return Refused(rotation, e.Message);
        }
    }

    /// <summary>:: Steps 1 and 4.</summary>
    private static string? Mismatch(X509Certificate2 certificate, RotationRecord said, SignatureVerification old, byte[] p7s)
    {
        if (old.Outcome != SignatureOutcome.Valid)
        {
            return $"its signature {old.Problem}";
        }

        if (said.New != LeafBlob.Of(certificate.RawDataMemory.Span))
        {
            return "names another certificate by SHA-512 or size";
        }

        byte[] signer = CmsReader.Read(p7s).Certificates.First(der => Digest.Of(der) == old.Signer!.Fingerprint);
        return said.Old != LeafBlob.Of(signer) ? "is signed with another key than the one it says is followed"
            : SignerCertificate.Of(certificate).Name != old.Signer!.Name
                ? $"leads from {old.Signer.Name} to {SignerCertificate.Of(certificate).Name}: a key is followed by the same person's"
            : null;
    }

    /// <summary>:: Step 2.</summary>
    private static string? Untrusted(SignatureVerification old, TrustedCertificates trusted) =>
        old.Trust is { IsTrusted: false } trust ? $"the old key is not trusted: {trust.Reason}" : trusted.Policy.Problem(RecordKind.Rotation, old);

    /// <summary>:: Step 3. Whether the new key is trusted is what is being asked.</summary>
    private string? NotCountersigned(Digest rotation, byte[] statement, RotationRecord said)
    {
        var expected = LeafBlob.Of(statement);
        foreach (var (endorsement, signature) in evidence.Endorsements(rotation).Take(MaxTried))
        {
            byte[] bytes = blobs.Read(endorsement, CanonicalJson.MaxBytes);
            var verified = CmsVerifier.Verify(
                bytes, blobs.Read(signature, CmsVerifier.MaxSignatureBytes), TrustedCertificates.FromFiles([]), DateTimeOffset.UnixEpoch);
            if (verified.Signer?.Fingerprint == said.New.Digest && RecordJson.ParseEndorsement(bytes).Predicate is var by
                && by.Record == expected && by.Certificate == said.New.Digest)
            {
                return null;
            }
        }

        return "the new key has not signed it";
    }

    private static CertificateTrust Refused(Digest rotation, string problem) =>
        new() { IsTrusted = false, Reason = $"rotation {rotation.Abbreviated} does not count: {problem}" };
}
