using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Signs with a key that an agent holds, of any algorithm that keys have here.</summary>
internal sealed class AgentSignatureGenerator(KeyAgentClient agent, X509Certificate2 certificate) : X509SignatureGenerator
{
    private readonly byte[] _publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        if (certificate.GetKeyAlgorithm() == Oids.MlDsa65)
        {
            return MlDsaCertificateSigner.AlgorithmIdentifier();
        }

        // Their names do not depend on the private key.
        using var ec = certificate.GetECDsaPublicKey();
        using var rsa = ec is null ? certificate.GetRSAPublicKey() : null;
        var named = ec is not null ? CreateForECDsa(ec) : CreateForRSA(rsa!, RSASignaturePadding.Pss);
        return named.GetSignatureAlgorithmIdentifier(hashAlgorithm);
    }

    /// <remarks>The agent hashes as <see cref="SignatureScheme.HashFor"/> says, which is what everybody here asks for.</remarks>
    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => agent.Sign(_publicKey, data);

    protected override PublicKey BuildPublicKey() => certificate.PublicKey;
}
