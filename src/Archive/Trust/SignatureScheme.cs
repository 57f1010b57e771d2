using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>The signature algorithms we accept, each with its key sizes: ECDSA on a NIST curve, RSA-PSS from 3072 bits, with SHA-2 from 256 bits;
/// ML-DSA of category 3 and 5 (RFC 9882).</summary>
internal static class SignatureScheme
{
    private const int MinRsaBits = 3072;

    /// <summary>Two contents of one digest can be made (RFC 6151; shattered.io).</summary>
    private const string Md5 = "1.2.840.113549.2.5";
    private const string Sha1 = "1.3.14.3.2.26";

    /// <summary>Checks the signature over the signed attributes, and says by which algorithm it was made.</summary>
    /// <exception cref="CmsException">It is wrong, or of an algorithm that is not accepted.</exception>
    public static string Verify(CmsSignedData cms, X509Certificate2 certificate)
    {
        var hash = HashOf(cms.DigestAlgorithm.Oid);
        string key = certificate.GetKeyAlgorithm();
        return (key, cms.SignatureAlgorithm.Oid) switch
        {
            (Oids.EcPublicKey, Oids.EcdsaWithSha256 or Oids.EcdsaWithSha384 or Oids.EcdsaWithSha512) =>
                VerifyEcdsa(cms, certificate, hash),
            (Oids.RsaEncryption, Oids.RsaPss) => VerifyRsaPss(cms, certificate, hash),
            (Oids.MlDsa65 or Oids.MlDsa87, _) when key == cms.SignatureAlgorithm.Oid => VerifyMlDsa(cms, certificate, hash),
            _ => throw Unsupported($"algorithm '{cms.SignatureAlgorithm.Oid}' with a key of type '{key}' is not accepted"),
        };
    }

    /// <exception cref="CmsException">The digest algorithm is not accepted.</exception>
    public static HashAlgorithmName HashOf(string oid) => oid switch
    {
        Oids.Sha256 => HashAlgorithmName.SHA256,
        Oids.Sha384 => HashAlgorithmName.SHA384,
        Oids.Sha512 => HashAlgorithmName.SHA512,
        Md5 or Sha1 => throw new CmsException(SignatureOutcome.Weak, $"digest algorithm '{oid}' is broken"),
        _ => throw Unsupported($"digest algorithm '{oid}' is not accepted"),
    };

    /// <summary>The object identifier of a hash that <see cref="HashOf"/> knows.</summary>
    public static string OidOf(HashAlgorithmName hash) => hash.Name switch
    {
        "SHA256" => Oids.Sha256,
        "SHA384" => Oids.Sha384,
        _ => Oids.Sha512,
    };

    /// <summary>What we sign with by a key: SHA-2 as strong as it; SHA-512 is the digest of RFC 9882 §3.3.</summary>
    public static HashAlgorithmName HashFor(X509Certificate2 certificate)
    {
        if (certificate.GetKeyAlgorithm() == Oids.MlDsa65)
        {
            return HashAlgorithmName.SHA512;
        }

        using var key = certificate.GetECDsaPublicKey();
        return key is { KeySize: > 256 } ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
    }

    private static string VerifyEcdsa(CmsSignedData cms, X509Certificate2 certificate, HashAlgorithmName hash)
    {
        string oid = cms.SignatureAlgorithm.Oid;
        bool sameHash = (oid, hash.Name) is (Oids.EcdsaWithSha256, "SHA256")
            or (Oids.EcdsaWithSha384, "SHA384") or (Oids.EcdsaWithSha512, "SHA512");
        if (!sameHash || cms.SignatureAlgorithm.Parameters is not null)
        {
            throw Unsupported($"algorithm '{oid}' does not go with digest algorithm '{cms.DigestAlgorithm.Oid}'");
        }

        string curve = NamedCurve(certificate);
        if (!IsEcdsaSignature(cms.Signature))
        {
            throw new CmsException(SignatureOutcome.Malformed, "the ECDSA value is not DER");
        }

        using var key = certificate.GetECDsaPublicKey()!;
        bool valid = key.VerifyData(cms.SignedAttributes, cms.Signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        return valid ? $"ECDSA {curve} with {Display(hash)}" : throw Wrong();
    }

    private static string VerifyRsaPss(CmsSignedData cms, X509Certificate2 certificate, HashAlgorithmName hash)
    {
        using var key = certificate.GetRSAPublicKey()!;
        if (key.KeySize < MinRsaBits)
        {
            throw new CmsException(SignatureOutcome.Weak, $"an RSA key of {key.KeySize} bits is too short, expected {MinRsaBits} at least");
        }

        if (!IsPlainPss(cms.SignatureAlgorithm.Parameters, cms.DigestAlgorithm.Oid, hash))
        {
            throw Unsupported("RSA-PSS parameters are not: the digest's hash, MGF1 with the same, salt as long as the hash");
        }

        bool valid = key.VerifyData(cms.SignedAttributes, cms.Signature, hash, RSASignaturePadding.Pss);
        return valid ? $"RSA-PSS {key.KeySize} with {Display(hash)}" : throw Wrong();
    }

    /// <summary>RFC 9882 §3.3 and §3.5: no parameters, the digest SHA-512 alone; SHAKE256 and the shorter ones that it allows nobody needs here.</summary>
    private static string VerifyMlDsa(CmsSignedData cms, X509Certificate2 certificate, HashAlgorithmName hash)
    {
        string oid = cms.SignatureAlgorithm.Oid;
        if (hash != HashAlgorithmName.SHA512 || cms.SignatureAlgorithm.Parameters is not null)
        {
            throw Unsupported($"algorithm '{oid}' does not go with digest algorithm '{cms.DigestAlgorithm.Oid}'");
        }

        string name = oid == Oids.MlDsa65 ? "ML-DSA-65" : "ML-DSA-87";
        return MlDsaKey.Verify(certificate.GetPublicKey(), oid, cms.SignedAttributes, cms.Signature)
            ? $"{name} with {Display(hash)}"
            : throw Wrong();
    }

    /// <summary>The curve must be named in the certificate itself: explicit parameters can make any key fit (CVE-2020-0601).</summary>
    private static string NamedCurve(X509Certificate2 certificate)
    {
        var parameters = new AsnReader(certificate.GetKeyAlgorithmParameters(), AsnEncodingRules.DER);
        string curve = parameters.PeekTag() == Asn1Tag.ObjectIdentifier ? parameters.ReadObjectIdentifier() : "explicit";
        return curve switch
        {
            Oids.P256 => "P-256",
            Oids.P384 => "P-384",
            Oids.P521 => "P-521",
            _ => throw Unsupported($"curve '{curve}' is not accepted"),
        };
    }

    /// <summary>.NET takes an integer that lacks its leading zero (Wycheproof ecdsa_secp256r1_sha256 tcId 6); this does not.</summary>
    private static bool IsEcdsaSignature(byte[] signature)
    {
        try
        {
            var reader = new AsnReader(signature, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            BigInteger r = sequence.ReadInteger();
            BigInteger s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            return r.Sign > 0 && s.Sign > 0;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>RFC 4056 §2.2: the same hash three times and a salt of its length. Only this is accepted.</summary>
    private static bool IsPlainPss(byte[]? parameters, string hashOid, HashAlgorithmName hash) =>
        parameters is not null
        && (parameters.AsSpan().SequenceEqual(PssParameters(hashOid, hash, writeNull: true))
            || parameters.AsSpan().SequenceEqual(PssParameters(hashOid, hash, writeNull: false)));

    private static byte[] PssParameters(string hashOid, HashAlgorithmName hash, bool writeNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                WriteHash();
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Mgf1);
                WriteHash();
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                writer.WriteInteger(hash.Name switch { "SHA256" => 32, "SHA384" => 48, _ => 64 });
            }
        }

        return writer.Encode();

        void WriteHash()
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(hashOid);
                if (writeNull)
                {
                    writer.WriteNull();
                }
            }
        }
    }

    private static string Display(HashAlgorithmName hash) => "SHA-" + hash.Name!["SHA".Length..];

    private static CmsException Unsupported(string reason) => new(SignatureOutcome.Unsupported, reason);

    private static CmsException Wrong() => new(SignatureOutcome.Wrong, "the certificate's key did not sign this");
}
