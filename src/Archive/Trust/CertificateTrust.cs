namespace Provenance.Archive.Trust;

/// <summary>Whether a certificate is trusted here, and by what.</summary>
public sealed record CertificateTrust
{
    public required bool IsTrusted { get; init; }

    /// <summary>One sentence: the file that vouches for it, or why none does.</summary>
    public required string Reason { get; init; }
}
