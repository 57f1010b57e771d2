using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Whether a certificate is trusted here, and by what.</summary>
public sealed record CertificateTrust
{
    public required bool IsTrusted { get; init; }

    /// <summary>One sentence: the file that vouches for it, or why none does.</summary>
    public required string Reason { get; init; }

    /// <summary>SHA-256 of the certificate and of each that vouches for it, up to the one that is trusted; empty when none is.</summary>
    public IReadOnlyList<Digest> Through { get; init; } = [];

    /// <summary>SHA-256 of certificates of the same person that this one follows, the nearest first; most often none.</summary>
    public IReadOnlyList<Digest> Predecessors { get; init; } = [];

    /// <summary>Whether somebody else has issued the certificate, who could withdraw it by a list.</summary>
    public bool IsIssued { get; init; }

    /// <summary>When the issuer published a list that covers the time it was judged for and does not name it; null when none is at hand.</summary>
    public DateTimeOffset? NotListedOn { get; init; }
}
