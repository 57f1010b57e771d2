using System.Formats.Asn1;

namespace Provenance.Archive.Trust;

/// <summary>Takes a signature of the one form apart, and refuses every other: what is not DER, not detached, not over id-data, not by one signer.</summary>
/// <remarks>
/// Every field is read and fixed to its only allowed value, so that hardly a bit can be changed unnoticed where nobody signs.
/// SignedCms reads lazily, takes embedded content for the outer one, and compares no content types (dotnet/runtime#132242).
/// The sections in the comments are those of RFC 5652.
/// </remarks>
internal static class CmsReader
{
    /// <summary>In bytes. A P-256 signature with its certificate has about 900; one by RSA with two intermediate ones, 6,000.</summary>
    public const int MaxBytes = 1 << 18;

    private const int MaxCertificates = 16;
    private const int MaxTokens = 8;
    private const int Version1 = 1;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <exception cref="CmsException">It is of another form.</exception>
    /// <exception cref="AsnContentException">It is not DER.</exception>
    public static CmsSignedData Read(ReadOnlyMemory<byte> p7s)
    {
        Require(p7s.Length <= MaxBytes, $"has {p7s.Length} bytes, at most {MaxBytes} are allowed");
        var file = new AsnReader(p7s, AsnEncodingRules.DER);
        var contentInfo = file.ReadSequence();
        Require(!file.HasData, "has bytes after its end");
        Know(contentInfo.ReadObjectIdentifier() == Oids.SignedData, "is not CMS SignedData");
        var explicit0 = contentInfo.ReadSequence(Context0);
        contentInfo.ThrowIfNotEmpty();
        var signedData = explicit0.ReadSequence();
        explicit0.ThrowIfNotEmpty();
        return ReadSignedData(signedData);
    }

    private static CmsSignedData ReadSignedData(AsnReader signedData)
    {
        // §5.1: the version is 1 for id-data, X.509 certificates, and signers named by issuer and serial number.
        Know(signedData.TryReadInt32(out int version) && version == Version1, "has another version than 1");
        var digestAlgorithms = signedData.ReadSetOf();
        var digestAlgorithm = AlgorithmIdentifier.Read(digestAlgorithms);
        Require(!digestAlgorithms.HasData, "names more than one digest algorithm");
        ReadDetachedContent(signedData.ReadSequence());
        Require(signedData.HasData && signedData.PeekTag() == Context0, "has no certificates");
        var certificates = ReadCertificates(signedData.ReadSetOf(Context0));
        Require(signedData.HasData && signedData.PeekTag() != Context1, "has revocation lists");
        var signers = signedData.ReadSetOf();
        signedData.ThrowIfNotEmpty();
        Require(signers.HasData, "has no signer");
        var signer = signers.ReadSequence();
        Require(!signers.HasData, "has more than one signer");
        return ReadSigner(signer, certificates, digestAlgorithm);
    }

    private static void ReadDetachedContent(AsnReader content)
    {
        // §5.2: eContentType must equal the content-type attribute, and both are id-data; detached is eContent left out.
        Require(content.ReadObjectIdentifier() == Oids.Data, "is over another content type than id-data");
        Require(!content.HasData, "has content of its own");
    }

    private static List<byte[]> ReadCertificates(AsnReader set)
    {
        var certificates = new List<byte[]>();
        while (set.HasData)
        {
            Know(set.PeekTag() == Asn1Tag.Sequence, "has a certificate that is not X.509");
            certificates.Add(set.ReadEncodedValue().ToArray());
            Require(certificates.Count <= MaxCertificates, $"has more than {MaxCertificates} certificates");
        }

        return certificates;
    }

    private static CmsSignedData ReadSigner(AsnReader signer, List<byte[]> certificates, AlgorithmIdentifier listed)
    {
        // §5.3: version 1 goes with issuerAndSerialNumber.
        Know(signer.TryReadInt32(out int version) && version == Version1, "names its signer by key identifier");
        var issuerAndSerial = signer.ReadSequence();
        byte[] issuer = issuerAndSerial.ReadEncodedValue().ToArray();
        byte[] serial = issuerAndSerial.ReadIntegerBytes().ToArray();
        issuerAndSerial.ThrowIfNotEmpty();
        var digestAlgorithm = AlgorithmIdentifier.Read(signer);
        Require(
            digestAlgorithm.Oid == listed.Oid && digestAlgorithm.HasNoParameters && listed.HasNoParameters,
            "names two digest algorithms");

        // §5.4: without signed attributes the signature is over the content itself, and could be over attributes offered as content.
        Require(signer.PeekTag() == Context0, "has no signed attributes");
        byte[] signedAttributes = signer.ReadEncodedValue().ToArray();
        signedAttributes[0] = 0x31; // §5.4: for the digest, [0] is replaced by SET OF
        var signatureAlgorithm = AlgorithmIdentifier.Read(signer);
        byte[] signature = signer.ReadOctetString();
        var tokens = signer.HasData ? ReadTokens(signer) : [];
        signer.ThrowIfNotEmpty();
        return new CmsSignedData
        {
            Certificates = certificates,
            SignerIssuer = issuer,
            SignerSerial = serial,
            DigestAlgorithm = digestAlgorithm,
            SignatureAlgorithm = signatureAlgorithm,
            Signature = signature,
            SignedAttributes = signedAttributes,
            Attributes = ReadAttributes(signedAttributes),
            TimestampTokens = tokens,
        };
    }

    /// <summary>The one unsigned attribute that is allowed (RFC 3161 appendix A): what stands there and is not checked could be anything.</summary>
    private static List<byte[]> ReadTokens(AsnReader signer)
    {
        var attributes = signer.ReadSetOf(Context1);
        var attribute = attributes.ReadSequence();
        Require(!attributes.HasData, "has more than one unsigned attribute");
        string oid = attribute.ReadObjectIdentifier();
        Know(oid == Oids.TimestampToken, $"has the unsigned attribute {oid}, expected none but a time stamp");
        var values = attribute.ReadSetOf();
        attribute.ThrowIfNotEmpty();
        Require(values.HasData, "has a time stamp attribute without a token");
        var tokens = new List<byte[]>();
        while (values.HasData)
        {
            tokens.Add(values.ReadEncodedValue().ToArray());
            Require(tokens.Count <= MaxTokens, $"has more than {MaxTokens} time stamps");
        }

        return tokens;
    }

    private static Dictionary<string, byte[]> ReadAttributes(byte[] signedAttributes)
    {
        var attributes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var set = new AsnReader(signedAttributes, AsnEncodingRules.DER).ReadSetOf();
        while (set.HasData)
        {
            var attribute = set.ReadSequence();
            string oid = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf();
            attribute.ThrowIfNotEmpty();
            byte[] value = values.ReadEncodedValue().ToArray();
            Require(!values.HasData, $"the signed attribute {oid} has more than one value");
            Require(attributes.TryAdd(oid, value), $"the signed attribute {oid} stands twice");
        }

        return attributes;
    }

    /// <summary>What RFC 5652 or one of its successors has, and we do not: it need not be wrong.</summary>
    private static void Know(bool condition, string reason)
    {
        if (!condition)
        {
            throw new CmsException(SignatureOutcome.Unsupported, reason);
        }
    }

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new CmsException(SignatureOutcome.Malformed, reason);
        }
    }
}
