using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>A verification as <c>prov verify --json</c> prints it.</summary>
internal sealed record VerificationReport
{
    /// <summary>64 hex digits.</summary>
    public required string Record { get; init; }

    public RecordKind? Kind { get; init; }

    public required bool Holds { get; init; }

    public required VerificationVerdict Verdict { get; init; }

    /// <summary>signature, identity, time, trust, endorsed, log, bytes.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    /// <summary>SHA-256 of the signer's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>What the signer's clock said.</summary>
    public DateTimeOffset? ClaimedTime { get; init; }

    /// <summary>When a time stamp by a trusted authority shows the signature to have been there.</summary>
    public DateTimeOffset? ProvenTime { get; init; }

    public required IReadOnlyList<EndorsementReport> Endorsements { get; init; }

    public static VerificationReport Of(RecordVerification verification) => new()
    {
        Record = verification.Record.Hex,
        Kind = verification.Kind,
        Holds = verification.Holds,
        Verdict = verification.Verdict,
        Checks = verification.Checks,
        Certificate = verification.Signature.Signer?.Fingerprint.Hex,
        ClaimedTime = verification.Signature.ClaimedTime,
        Endorsements = [.. verification.Endorsements.Select(EndorsementReport.Of)],
        ProvenTime = verification.Signature.ProvenTime?.Time,
    };
}
