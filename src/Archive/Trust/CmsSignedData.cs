namespace Provenance.Archive.Trust;

/// <summary>A detached CMS signature taken apart. Nothing of it is checked but its form.</summary>
internal sealed record CmsSignedData
{
    /// <summary>DER of each certificate in the message.</summary>
    public required IReadOnlyList<byte[]> Certificates { get; init; }

    /// <summary>DER of the issuer's name that the signer info says.</summary>
    public required byte[] SignerIssuer { get; init; }

    /// <summary>Big-endian, as in the certificate.</summary>
    public required byte[] SignerSerial { get; init; }

    public required AlgorithmIdentifier DigestAlgorithm { get; init; }

    public required AlgorithmIdentifier SignatureAlgorithm { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>What the signature is over: the DER of the signed attributes as a SET (RFC 5652 §5.4).</summary>
    public required byte[] SignedAttributes { get; init; }

    /// <summary>DER of the only value of each signed attribute, by object identifier.</summary>
    public required IReadOnlyDictionary<string, byte[]> Attributes { get; init; }

    /// <summary>DER of each time stamp token over the signature value, which nobody signs for.</summary>
    public required IReadOnlyList<byte[]> TimestampTokens { get; init; }
}
