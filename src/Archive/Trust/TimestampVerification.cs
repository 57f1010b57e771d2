using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>A time stamp token that is over what it was looked at with: what it says, and whether its authority is trusted here.</summary>
public sealed record TimestampVerification
{
    /// <summary>What it was stamped over existed then.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The time may be off by so much either way; zero when the token does not say.</summary>
    public required TimeSpan Accuracy { get; init; }

    /// <summary>The object identifier of the policy it was made under.</summary>
    public required string Policy { get; init; }

    /// <summary>Whose certificate made it.</summary>
    public required SignerCertificate Authority { get; init; }

    /// <summary>Judged for the time of the token: what expired since is no obstacle.</summary>
    public required CertificateTrust Trust { get; init; }

    /// <summary>The seal of another archive that it stands in, by the SHA-256 of its token; null where it is no such.</summary>
    public Digest? OriginSeal { get; init; }
}
