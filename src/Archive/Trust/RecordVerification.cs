using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>What is known of a record: seven separate facts, or eight, never one tick.</summary>
public sealed record RecordVerification
{
    public required Digest Record { get; init; }

    /// <summary>Null when the statement is none of ours.</summary>
    public RecordKind? Kind { get; init; }

    /// <summary>signature, identity, time, trust, endorsed, log, bytes, in this order.</summary>
    /// <remarks>Before the last there is origin where the log of another archive proves something.</remarks>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    public required SignatureVerification Signature { get; init; }

    /// <summary>Further signatures, the oldest first; those that do not count, too.</summary>
    public IReadOnlyList<Endorsement> Endorsements { get; init; } = [];

    /// <summary>The worst that was found: bad before not understood, that before untrusted, untrusted before incomplete.</summary>
    public VerificationVerdict Verdict
    {
        get
        {
            if (Signature.Outcome is not (SignatureOutcome.Valid or SignatureOutcome.Unsupported)
                || Checks.Any(check => check.Outcome == CheckOutcome.Failed && check.Name != "trust"))
            {
                return VerificationVerdict.Bad;
            }

            return Signature.Outcome == SignatureOutcome.Unsupported || Checks.Any(check => check.Outcome == CheckOutcome.NotUnderstood)
                    ? VerificationVerdict.NotUnderstood
                : Checks.Any(check => check.Outcome == CheckOutcome.Failed) ? VerificationVerdict.Untrusted
                : Checks.Any(check => check.Outcome == CheckOutcome.Incomplete) ? VerificationVerdict.Incomplete
                : VerificationVerdict.Good;
        }
    }

    /// <summary>Everything that is there is good, and nothing that is needed is missing.</summary>
    /// <remarks>A record that is not yet in a log, or has no time stamp, holds too.</remarks>
    public bool Holds => Verdict == VerificationVerdict.Good;
}
