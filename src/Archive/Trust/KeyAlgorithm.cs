namespace Provenance.Archive.Trust;

/// <summary>Keys that can be made here.</summary>
public enum KeyAlgorithm
{
    /// <summary>ECDSA on P-256, with SHA-256.</summary>
    P256,

    /// <summary>ECDSA on P-384, with SHA-384.</summary>
    P384,

    /// <summary>RSA of 3072 bits, PSS with SHA-256.</summary>
    Rsa3072,

    /// <summary>ML-DSA-65 (FIPS 204): withstands a quantum computer, as far as is known; openssl verifies it from 3.5 on.</summary>
    MlDsa65,
}
