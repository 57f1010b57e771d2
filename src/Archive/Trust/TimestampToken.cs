using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Time stamp tokens: CMS over a TSTInfo, which says that a hash existed at a time. Source: RFC 3161 §2.4.2, RFC 5816.</summary>
internal static class TimestampToken
{
    /// <summary>In bytes. One of a public authority with its whole chain has about 7,000.</summary>
    public const int MaxBytes = 1 << 16;

    /// <summary>A clock that may be off by more proves too little.</summary>
    public static readonly TimeSpan MaxInaccuracy = TimeSpan.FromHours(1);

    private static readonly string[] AcceptedHashes = [Oids.Sha256, Oids.Sha384, Oids.Sha512];

    private static readonly string[] AcceptedSignatures =
    [
        Oids.EcdsaWithSha256, Oids.EcdsaWithSha384, Oids.EcdsaWithSha512,
        Oids.RsaEncryption, Oids.RsaPss, Oids.RsaWithSha256, Oids.RsaWithSha384, Oids.RsaWithSha512,
    ];

    /// <summary>Checks that the token is over the data and signed by its authority, and judges that authority for the token's own time.</summary>
    /// <param name="token">DER.</param>
    /// <param name="hash">Gives the hash of what was stamped, by the algorithm it is handed.</param>
    /// <param name="authorities">Whose time is believed.</param>
    /// <param name="shownAt">When the token was there, as a later one over it proves; null where none does.</param>
    /// <exception cref="CmsException">It is over something else, malformed, or by an algorithm that is not accepted.</exception>
    public static TimestampVerification Verify(
        byte[] token, Func<HashAlgorithmName, byte[]> hash, TimestampAuthorities authorities, DateTimeOffset? shownAt = null)
    {
        try
        {
            return VerifyStrictly(token, hash, authorities, shownAt);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or NotSupportedException)
        {
            // The platform reads lazily; the last is a key on a curve that it does not know.
            throw new CmsException(SignatureOutcome.Malformed, $"its time stamp cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static TimestampVerification VerifyStrictly(
        byte[] token, Func<HashAlgorithmName, byte[]> hash, TimestampAuthorities authorities, DateTimeOffset? shownAt)
    {
        Require(token.Length <= MaxBytes, SignatureOutcome.Malformed, $"has {token.Length} bytes, at most {MaxBytes} are allowed");
        if (!Rfc3161TimestampToken.TryDecode(token, out var decoded, out int read) || read != token.Length)
        {
            throw new CmsException(SignatureOutcome.Malformed, $"its time stamp {WhyNot(token)}");
        }

        var info = decoded.TokenInfo;
        var cms = decoded.AsSignedCms();
        string imprint = CheckAlgorithms(info, cms);
        Require(
            decoded.VerifySignatureForHash(hash(SignatureScheme.HashOf(imprint)), info.HashAlgorithmId, out var certificate) && certificate is not null,
            SignatureOutcome.Wrong,
            "is of something else, or its authority did not sign it");
        Require(
            !CertificateChain.HasShortKey(certificate),
            SignatureOutcome.Unsupported,
            $"its RSA key is shorter than {CertificateChain.MinRsaBits} bits");
        var accuracy = AccuracyOf(info);
        Require(accuracy <= MaxInaccuracy, SignatureOutcome.Unsupported, $"may be off by {accuracy}, at most {MaxInaccuracy} is accepted");
        return new TimestampVerification
        {
            Time = info.Timestamp,
            Accuracy = accuracy,
            Policy = info.PolicyId.Value ?? "",
            Authority = SignerCertificate.Of(certificate),
            Trust = authorities.Judge(certificate, [.. cms.Certificates.Select(hint => hint.RawData)], info.Timestamp, shownAt),
        };
    }

    /// <summary>The platform says only that it is no token. RFC 3161 §2.3 and §2.4.2 say what one is.</summary>
    private static string WhyNot(byte[] token)
    {
        const string None = "is no token of RFC 3161";
        var cms = new SignedCms();
        try
        {
            cms.Decode(token);
            if (cms.ContentInfo.ContentType.Value != Oids.TimestampInfo
                || !Rfc3161TimestampTokenInfo.TryDecode(cms.ContentInfo.Content, out var info, out _))
            {
                return None;
            }

            return cms.SignerInfos.Count != 1 ? "has not one signer"
                : cms.SignerInfos[0].Certificate is not { } certificate ? "has not its authority's certificate"
                : !IsForTimestampsAlone(certificate) ? "is by a certificate that is not for time stamps alone"
                : info.Timestamp < certificate.NotBefore || info.Timestamp > certificate.NotAfter
                    ? $"is of {info.Timestamp:u}, when its authority's certificate was not valid"
                    : "is not signed by its authority";
        }
        catch (CryptographicException)
        {
            return None;
        }
    }

    private static bool IsForTimestampsAlone(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { Critical: true } usage
        && usage.EnhancedKeyUsages.Cast<Oid>().Select(purpose => purpose.Value).SequenceEqual([Oids.TimeStamping]);

    /// <returns>The object identifier of the hash it is over.</returns>
    private static string CheckAlgorithms(Rfc3161TimestampTokenInfo info, SignedCms cms)
    {
        string imprint = info.HashAlgorithmId.Value ?? "";
        Require(AcceptedHashes.Contains(imprint), SignatureOutcome.Unsupported, $"its hash '{imprint}' is not accepted");
        Require(cms.SignerInfos.Count == 1, SignatureOutcome.Malformed, "has not one signer");
        var signer = cms.SignerInfos[0];
        string? digest = signer.DigestAlgorithm.Value;
        Require(AcceptedHashes.Contains(digest), SignatureOutcome.Unsupported, $"its digest algorithm '{digest}' is not accepted");
        string? algorithm = signer.SignatureAlgorithm.Value;
        Require(AcceptedSignatures.Contains(algorithm), SignatureOutcome.Unsupported, $"its algorithm '{algorithm}' is not accepted");
        return imprint;
    }

    private static TimeSpan AccuracyOf(Rfc3161TimestampTokenInfo info)
    {
        long microseconds = info.AccuracyInMicroseconds ?? 0;
        Require(microseconds >= 0, SignatureOutcome.Malformed, "has an accuracy below nothing");
        return TimeSpan.FromMicroseconds(Math.Min(microseconds, long.MaxValue / TimeSpan.TicksPerMicrosecond));
    }

    private static void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool condition, SignatureOutcome outcome, string reason)
    {
        if (!condition)
        {
            throw new CmsException(outcome, $"its time stamp {reason}");
        }
    }
}
