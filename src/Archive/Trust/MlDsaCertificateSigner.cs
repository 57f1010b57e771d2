using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Signs certificates and requests with ML-DSA, which the platform does only where its OpenSSL can. Source: RFC 9881 §2.</summary>
internal sealed class MlDsaCertificateSigner(MlDsaKey key) : X509SignatureGenerator
{
    /// <summary>The same for every key: without parameters.</summary>
    public static byte[] AlgorithmIdentifier()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.MlDsa65);
        }

        return writer.Encode();
    }

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => AlgorithmIdentifier();

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.Sign(data);

    protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(key.PublicKeyInfo(), out _);
}
