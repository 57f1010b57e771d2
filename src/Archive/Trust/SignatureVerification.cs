namespace Provenance.Archive.Trust;

/// <summary>What a signature proves, as separate facts: whether it is one, who made it, and whether that certificate is trusted here.</summary>
public sealed record SignatureVerification
{
    public required SignatureOutcome Outcome { get; init; }

    /// <summary>Why the signature is not valid; null when it is.</summary>
    public string? Problem { get; init; }

    /// <summary>Such as <c>ECDSA P-256 with SHA-256</c>; null when it is not valid.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Whose key signed; null when the signature is not valid.</summary>
    public SignerCertificate? Signer { get; init; }

    /// <summary>What the signer's clock said. For display only: nothing is judged by it.</summary>
    public DateTimeOffset? ClaimedTime { get; init; }

    /// <summary>Time stamps over the signature, the earliest first; of authorities that are not trusted here, too.</summary>
    public IReadOnlyList<TimestampVerification> Timestamps { get; init; } = [];

    /// <summary>The earliest proven time; null when none is.</summary>
    public TimestampVerification? ProvenTime => Timestamps.FirstOrDefault(stamp => stamp.Trust.IsTrusted);

    /// <summary>Null when the signature is not valid.</summary>
    public CertificateTrust? Trust { get; init; }

    /// <summary>The time for which the certificate was judged: the earliest proven one, else that of the verification.</summary>
    public required DateTimeOffset JudgedAt { get; init; }

    /// <summary>Whether it withstands a quantum computer, as far as is known.</summary>
    public bool IsPostQuantum => Algorithm is { } name && name.StartsWith("ML-DSA", StringComparison.Ordinal);

    /// <summary>Valid, and by somebody trusted here.</summary>
    public bool IsTrusted => Outcome == SignatureOutcome.Valid && Trust is { IsTrusted: true };
}
