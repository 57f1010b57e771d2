using System.Globalization;

namespace Provenance.Archive.Trust;

/// <summary>What a verified signature comes to, one fact each: signature, identity, time, trust.</summary>
public static class SignatureFacts
{
    /// <returns>In this order.</returns>
    public static IReadOnlyList<VerificationCheck> Of(SignatureVerification verification) =>
        [Signature(verification), Identity(verification), Time(verification), Trust(verification)];

    /// <summary>The fact <c>endorsed</c>: who else signed.</summary>
    public static VerificationCheck Endorsed(IReadOnlyList<Endorsement> endorsements)
    {
        var counted = endorsements.Where(endorsement => endorsement.Counts).ToList();
        int others = endorsements.Count - counted.Count;
        string rest = others == 0 ? "" : $"; {others} more that {(others == 1 ? "does" : "do")} not count";
        return new VerificationCheck
        {
            Name = "endorsed",
            Outcome = counted.Count > 0 ? CheckOutcome.Ok : CheckOutcome.Absent,
            Detail = endorsements.Count == 0 ? "nobody else has signed it"
                : counted.Count == 0 ? $"{others} that {(others == 1 ? "does" : "do")} not count"
                : $"by {string.Join(", ", counted.Select(Describe))}{rest}",
            Problems = [.. endorsements.Where(endorsement => !endorsement.Counts).Select(endorsement =>
                $"{endorsement.Record.Abbreviated}, {endorsement.Signature?.Signer?.Name ?? "by nobody"}: {endorsement.Problem}")],
        };
    }

    private static string Describe(Endorsement endorsement) =>
        $"{endorsement.Signature!.Signer!.Name} ({endorsement.Signature.Algorithm}; {endorsement.Signature.Trust!.Reason})";

    private static VerificationCheck Signature(SignatureVerification verification) =>
        verification.Outcome == SignatureOutcome.Valid
            ? Fact("signature", CheckOutcome.Ok, $"valid, {verification.Algorithm}")
            : Fact(
                "signature",
                verification.Outcome == SignatureOutcome.Unsupported ? CheckOutcome.NotUnderstood : CheckOutcome.Failed,
                $"{Word(verification.Outcome)}: {verification.Problem}");

    private static VerificationCheck Identity(SignatureVerification verification) =>
        verification.Signer is { } signer
            ? Fact("identity", CheckOutcome.Ok, $"{signer.Name}, certificate {signer.Fingerprint}")
            : Fact("identity", CheckOutcome.Absent, $"nobody, {For(verification)}");

    private static VerificationCheck Time(SignatureVerification verification)
    {
        if (verification.Outcome != SignatureOutcome.Valid)
        {
            return Fact("time", CheckOutcome.Absent, $"none, {For(verification)}");
        }

        if (verification.ProvenTime is { } proven)
        {
            string by = $"{proven.Authority.Name} ({proven.Trust.Reason})";
            return Fact("time", CheckOutcome.Ok, $"signed before {proven.Time:u}{Accuracy(proven)}, stamped by {by}{InSeal(proven)}");
        }

        return verification.Timestamps.Count > 0
            ? Fact("time", CheckOutcome.Absent, Unproven(verification.Timestamps[0]))
            : Fact("time", CheckOutcome.Absent, $"no time stamp; the signer's clock said {verification.ClaimedTime:u}");
    }

    private static VerificationCheck Trust(SignatureVerification verification) =>
        verification.Trust is { } trust
            ? Fact("trust", trust.IsTrusted ? CheckOutcome.Ok : CheckOutcome.Failed, trust.Reason)
            : Fact("trust", CheckOutcome.Absent, $"nobody to trust, {For(verification)}");

    private static string Unproven(TimestampVerification stamp) =>
        $"stamped for {stamp.Time:u} by {stamp.Authority.Name}{InSeal(stamp)}, whose time is not believed here: {stamp.Trust.Reason}";

    private static string InSeal(TimestampVerification stamp) =>
        stamp.OriginSeal is { } seal ? $", in seal '{seal.Abbreviated}' of an archive it came from" : "";

    private static string Accuracy(TimestampVerification stamp) => stamp.Accuracy > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $" (± {stamp.Accuracy.TotalSeconds:0.######} s)")
        : "";

    private static string For(SignatureVerification verification) =>
        verification.Outcome == SignatureOutcome.Unsupported ? "for the signature is not understood" : "for the signature is not valid";

    private static string Word(SignatureOutcome outcome) => outcome switch
    {
        SignatureOutcome.Unsupported => "not understood",
        SignatureOutcome.Weak => "too weak",
        SignatureOutcome.Wrong => "wrong",
        _ => "malformed",
    };

    private static VerificationCheck Fact(string name, CheckOutcome outcome, string detail) =>
        new() { Name = name, Outcome = outcome, Detail = detail };
}
