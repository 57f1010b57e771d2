using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Provenance.Archive.Trust;

/// <summary>A private key of ML-DSA-65 (FIPS 204), known by its seed. Key, PKCS#8 and public key are in the forms of RFC 9881.</summary>
/// <remarks>
/// The platform signs and verifies where its OpenSSL can (3.5 or later), BouncyCastle elsewhere. Signing is hedged, with an empty context,
/// over the message itself (RFC 9882 §3).
/// </remarks>
internal sealed class MlDsaKey : IDisposable
{
    private const int SeedBytes = 32;
    private const int Pkcs8Version = 0;

    private static readonly Asn1Tag SeedTag = new(TagClass.ContextSpecific, 0);

    private readonly byte[] _seed;
    private readonly MLDsaPrivateKeyParameters _key;

    private MlDsaKey(byte[] seed)
    {
        _seed = seed;
        _key = MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_65, seed);
    }

    public static MlDsaKey Make() => new(RandomNumberGenerator.GetBytes(SeedBytes));

    /// <summary>Reads the forms that have the seed: the seed alone, and seed and expanded key, as openssl writes them.</summary>
    /// <returns>Null when it is a key of another algorithm.</returns>
    /// <exception cref="CryptographicException">It has no seed.</exception>
    public static MlDsaKey? OfPkcs8(ReadOnlyMemory<byte> pkcs8)
    {
        try
        {
            var info = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
            bool isKnown = info.TryReadInt32(out int version) && version == Pkcs8Version && AlgorithmIdentifier.Read(info).Oid == Oids.MlDsa65;
            return isKnown ? new MlDsaKey(ReadSeed(new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER))) : null;
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("the key is no PKCS#8", e);
        }
    }

    /// <summary>RFC 5280 SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKeyInfo()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAlgorithm(writer);
            writer.WriteBitString(_key.GetPublicKeyEncoded());
        }

        return writer.Encode();
    }

    /// <summary>PKCS#8 with the seed alone, DER.</summary>
    public byte[] Pkcs8()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Pkcs8Version);
            WriteAlgorithm(writer);
            using (writer.PushOctetString())
            {
                writer.WriteOctetString(_seed, SeedTag);
            }
        }

        return writer.Encode();
    }

    public byte[] Sign(byte[] message)
    {
        if (MLDsa.IsSupported)
        {
            using var platform = MLDsa.ImportMLDsaPrivateSeed(MLDsaAlgorithm.MLDsa65, _seed);
            return platform.SignData(message);
        }

        var signer = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: false);
        signer.Init(forSigning: true, new ParametersWithRandom(_key));
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    }

    /// <param name="publicKey">The key's bytes alone.</param>
    /// <param name="algorithm">Of the key: ML-DSA-65 or ML-DSA-87.</param>
    /// <param name="message">That was signed.</param>
    /// <param name="signature">Over it.</param>
    /// <returns>False also when key or signature has another length than the algorithm's.</returns>
    public static bool Verify(byte[] publicKey, string algorithm, byte[] message, byte[] signature)
    {
        var (platform, other) = algorithm == Oids.MlDsa65
            ? (MLDsaAlgorithm.MLDsa65, MLDsaParameters.ml_dsa_65)
            : (MLDsaAlgorithm.MLDsa87, MLDsaParameters.ml_dsa_87);
        if (publicKey.Length != platform.PublicKeySizeInBytes || signature.Length != platform.SignatureSizeInBytes)
        {
            return false;
        }

        if (MLDsa.IsSupported)
        {
            using var key = MLDsa.ImportMLDsaPublicKey(platform, publicKey);
            return key.VerifyData(message, signature);
        }

        var verifier = new MLDsaSigner(other, deterministic: true);
        verifier.Init(forSigning: false, MLDsaPublicKeyParameters.FromEncoding(other, publicKey));
        verifier.BlockUpdate(message, 0, message.Length);
        return verifier.VerifySignature(signature);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_seed);

    /// <summary>RFC 9881 §6: [0] seed, or a sequence of seed and expanded key; the expanded key alone cannot be carried to another program.</summary>
    private static byte[] ReadSeed(AsnReader key)
    {
        byte[] seed = key.PeekTag() == SeedTag ? key.ReadOctetString(SeedTag)
            : key.PeekTag() == Asn1Tag.Sequence ? key.ReadSequence().ReadOctetString()
            : throw new CryptographicException("the key has no seed");
        return seed.Length == SeedBytes ? seed : throw new CryptographicException($"the key's seed has {seed.Length} bytes, expected {SeedBytes}");
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.MlDsa65);
        }
    }
}
