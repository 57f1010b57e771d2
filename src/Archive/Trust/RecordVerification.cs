using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>What is known of a record: five separate facts, never one tick.</summary>
public sealed record RecordVerification
{
    public required Digest Record { get; init; }

    /// <summary>Null when the statement is none of ours.</summary>
    public RecordKind? Kind { get; init; }

    /// <summary>signature, identity, trust, log, bytes, in this order.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    public required SignatureVerification Signature { get; init; }

    /// <summary>Nothing failed, and signature, trust and bytes were found good. A record not yet in a log holds too.</summary>
    public bool Holds => Checks.All(check =>
        check.Outcome == CheckOutcome.Ok || (check is { Name: "log", Outcome: CheckOutcome.Absent }));
}
