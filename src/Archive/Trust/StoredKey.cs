namespace Provenance.Archive.Trust;

/// <summary>A key of this archive, as <c>prov key list</c> shows it.</summary>
public sealed record StoredKey
{
    public required SignerCertificate Signer { get; init; }

    /// <summary>Whether new records are signed with it.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Whether new records are endorsed with it.</summary>
    public required bool IsSecond { get; init; }

    /// <summary>Of the key, such as <c>ECDSA P-256</c>.</summary>
    public required string Algorithm { get; init; }

    public required string CertificatePath { get; init; }

    public required string KeyPath { get; init; }
}
