using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Checks a detached signature over a statement, offline, and never by what the message says of itself alone.</summary>
/// <remarks>
/// 1 the form (<see cref="CmsReader"/>) · 2 the signed attributes are over this content · 3 the certificate is the one that is signed for ·
/// 4 its key signed the attributes, by an accepted algorithm (<see cref="SignatureScheme"/>), and is the one that the statement names
/// (<see cref="NamedSigner"/>) · 5 its time stamps are of this signature
/// (<see cref="TimestampToken"/>) · 6 is the certificate trusted here, at the earliest proven time.
/// </remarks>
public static class CmsVerifier
{
    /// <summary>A longer signature is refused unread.</summary>
    public const int MaxSignatureBytes = CmsReader.MaxBytes;

    /// <summary>The certificates a signature carries, in PEM, as openssl takes them. Nothing is said of their worth.</summary>
    /// <exception cref="CmsException">It is no signature of the form that is allowed.</exception>
    public static IEnumerable<string> CertificatesIn(ReadOnlyMemory<byte> p7s) =>
        CmsReader.Read(p7s).Certificates.Select(der => PemEncoding.WriteString("CERTIFICATE", der) + "\n");

    /// <summary>As <see cref="CertificatesIn"/>, of a signature that may be of a form that is not allowed.</summary>
    /// <param name="p7s">DER, or whatever came.</param>
    /// <param name="problem">Why they cannot be told; null where they can.</param>
    /// <returns>Null when they cannot be told.</returns>
    public static IReadOnlyList<string>? FindCertificates(ReadOnlyMemory<byte> p7s, out string? problem)
    {
        try
        {
            problem = null;
            return [.. CertificatesIn(p7s)];
        }
        catch (CmsException e)
        {
            problem = e.Reason;
        }
        catch (AsnContentException)
        {
            problem = "is not DER";
        }

        return null;
    }

    /// <summary>The certificates that a signature carries, the signer's among them, in DER. Nothing is said of their worth.</summary>
    /// <exception cref="CmsException">It is no signature of the form that is allowed.</exception>
    internal static IReadOnlyList<byte[]> EncodedCertificatesIn(ReadOnlyMemory<byte> p7s) => CmsReader.Read(p7s).Certificates;

    /// <param name="statement">The bytes as they stand in the archive; they are not made canonical first.</param>
    /// <param name="p7s">DER.</param>
    /// <param name="trusted">Who is trusted here.</param>
    /// <param name="at">For which time the certificate is judged when no time stamp by a trusted authority proves another.</param>
    /// <param name="evidence">A time stamp over something else that shows the signature, with the tokens in it, to have been there; null for none.</param>
    public static SignatureVerification Verify(
        ReadOnlySpan<byte> statement,
        ReadOnlyMemory<byte> p7s,
        TrustedCertificates trusted,
        DateTimeOffset at,
        TimestampVerification? evidence = null)
    {
        try
        {
            return VerifyStrictly(statement, p7s, trusted, at, evidence);
        }
        catch (CmsException e)
        {
            return Refused(e.Outcome, e.Reason, at);
        }
        catch (AsnContentException e)
        {
            return Refused(SignatureOutcome.Malformed, $"is not DER: {e.Message.TrimEnd('.')}", at);
        }
        catch (NotSupportedException e)
        {
            return Refused(SignatureOutcome.Unsupported, $"has a key on a curve that is not known here: {e.Message.TrimEnd('.')}", at);
        }
        catch (CryptographicException e)
        {
            return Refused(SignatureOutcome.Malformed, $"cannot be read: {e.Message.TrimEnd('.')}", at);
        }
    }

    private static SignatureVerification VerifyStrictly(
        ReadOnlySpan<byte> statement, ReadOnlyMemory<byte> p7s, TrustedCertificates trusted, DateTimeOffset at, TimestampVerification? evidence)
    {
        // :: Step 1. DER attributes offered as content begin with 0x31, so that '{' keeps the two apart (openssl/openssl#27055).
        Require(statement.StartsWith("{"u8), SignatureOutcome.Malformed, "is over no statement: '{' expected first");
        var cms = CmsReader.Read(p7s);

        // :: Step 2
        CheckContent(statement, cms);

        // :: Step 3
        var certificate = SignerOf(cms);

        // :: Step 4
        string algorithm = SignatureScheme.Verify(cms, certificate);
        var signer = SignerCertificate.Of(certificate);
        NamedSigner.Check(statement, signer);

        // :: Step 5. One that does not hold is not left out: nobody but a forger puts it there.
        byte[] Hash(HashAlgorithmName name) => CryptographicOperations.HashData(name, cms.Signature);
        DateTimeOffset? shownAt = evidence?.Trust.IsTrusted == true ? evidence.Time : null;
        var stamps = cms.TimestampTokens.Select(token => TimestampToken.Verify(token, Hash, trusted.Time, shownAt))
            .Concat(evidence is null ? [] : [evidence]).OrderBy(stamp => stamp.Time).ToList();

        // :: Step 6. What is there at one time is there at every later one: a later time stamp, such as that of a renewal, takes nothing away.
        var judgedAt = stamps.Where(stamp => stamp.Trust.IsTrusted).Select(stamp => stamp.Time).DefaultIfEmpty(at).First();
        return new SignatureVerification
        {
            Outcome = SignatureOutcome.Valid,
            Algorithm = algorithm,
            Signer = signer,
            ClaimedTime = ReadTime(Attribute(cms, Oids.SigningTime, "signing-time")),
            Timestamps = stamps,
            Trust = trusted.Judge(certificate, cms.Certificates, judgedAt),
            JudgedAt = judgedAt,
        };
    }

    private static void CheckContent(ReadOnlySpan<byte> statement, CmsSignedData cms)
    {
        byte[] contentType = Attribute(cms, Oids.ContentType, "content-type");
        Require(
            ReadOnly(contentType, reader => reader.ReadObjectIdentifier()) == Oids.Data,
            SignatureOutcome.Malformed,
            "the content-type attribute is not id-data");
        byte[] signedDigest = ReadOnly(
            Attribute(cms, Oids.MessageDigest, "message-digest"), reader => reader.ReadOctetString());
        byte[] actual = CryptographicOperations.HashData(SignatureScheme.HashOf(cms.DigestAlgorithm.Oid), statement);
        Require(
            CryptographicOperations.FixedTimeEquals(signedDigest, actual),
            SignatureOutcome.Wrong,
            "is of another content");
    }

    private static X509Certificate2 SignerOf(CmsSignedData cms)
    {
        byte[] attribute = Attribute(cms, Oids.SigningCertificateV2, "signing-certificate-v2");
        foreach (byte[] der in cms.Certificates)
        {
            var certificate = LastCertificate.Load(der);
            bool named = cms.SignerIssuer.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                && cms.SignerSerial.AsSpan().SequenceEqual(certificate.SerialNumberBytes.Span);
            if (named && SigningCertificateAttribute.Names(attribute, certificate))
            {
                return certificate;
            }
        }

        throw new CmsException(SignatureOutcome.Wrong, "the certificate that signed is not in it");
    }

    private static byte[] Attribute(CmsSignedData cms, string oid, string name) =>
        cms.Attributes.TryGetValue(oid, out byte[]? value)
            ? value
            : throw new CmsException(SignatureOutcome.Malformed, $"lacks the signed attribute {name}");

    /// <summary>RFC 5652 §11.3: UTCTime until 2049, GeneralizedTime afterwards.</summary>
    private static DateTimeOffset ReadTime(byte[] value) => ReadOnly(value, reader =>
        reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime());

    private static T ReadOnly<T>(byte[] der, Func<AsnReader, T> read)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var value = read(reader);
        reader.ThrowIfNotEmpty();
        return value;
    }

    private static void Require(bool condition, SignatureOutcome outcome, string reason)
    {
        if (!condition)
        {
            throw new CmsException(outcome, reason);
        }
    }

    private static SignatureVerification Refused(SignatureOutcome outcome, string reason, DateTimeOffset at) =>
        new() { Outcome = outcome, Problem = reason, JudgedAt = at };
}
