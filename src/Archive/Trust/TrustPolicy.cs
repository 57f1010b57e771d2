using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>Who may sign what here, and what must stand beside a signature: <c>trust/policy.toml</c>. Specified in schema/FORMAT.d/trust.md.</summary>
/// <remarks>It only takes away: nobody is trusted for being named in a policy.</remarks>
public sealed record TrustPolicy
{
    /// <summary>Whoever is trusted may sign everything, and needs nothing beside.</summary>
    public static TrustPolicy Open { get; } = new();

    /// <summary>What is said to refuse.</summary>
    internal string Source { get; init; } = "";

    /// <summary>Empty: whoever is trusted.</summary>
    internal IReadOnlyList<PolicySigner> Signers { get; init; } = [];

    /// <summary>A time stamp by an authority whose time is believed.</summary>
    public bool RequiresTime { get; init; }

    /// <summary>A place in the log.</summary>
    public bool RequiresLog { get; init; }

    /// <summary>Verifier keys: a place in one of these logs, be it this archive's or one that the record came from. Empty: of any.</summary>
    public IReadOnlyList<string> RequiredLogs { get; init; } = [];

    /// <summary>So many known witnesses must have cosigned a checkpoint with the record; 0 for none.</summary>
    public int RequiredWitnesses { get; init; }

    /// <summary>A revocation list of whoever issued the signer's certificate, that covers the time of the signature.</summary>
    public bool RequiresRevocation { get; init; }

    /// <summary>So many people must have signed, the record itself or an endorsement of it, and be trusted; from 1.</summary>
    public int RequiredSigners { get; init; } = 1;

    /// <summary>One of those signatures must be of ML-DSA (FIPS 204).</summary>
    public bool RequiresPostQuantum { get; init; }

    /// <summary>The archive's own; the open one when there is none.</summary>
    /// <exception cref="TrustException">The file cannot be understood.</exception>
    public static TrustPolicy Load(StoreLayout layout) => File.Exists(layout.TrustPolicy) ? TrustPolicyFile.Read(layout.TrustPolicy) : Open;

    /// <exception cref="TrustException">The file cannot be understood.</exception>
    public static TrustPolicy FromFile(string path) => TrustPolicyFile.Read(path);

    /// <summary>The same facts, as this policy sees them.</summary>
    /// <param name="facts">What was found out.</param>
    /// <param name="kind">Of the record; null when it is none of ours.</param>
    /// <param name="signature">Whose.</param>
    /// <param name="endorsements">Who else signed, judged under this policy.</param>
    public IReadOnlyList<VerificationCheck> Apply(
        IEnumerable<VerificationCheck> facts,
        RecordKind? kind,
        SignatureVerification signature,
        IReadOnlyList<Endorsement> endorsements)
    {
        var all = facts.ToList();
        var vouching = all.Where(fact => fact.Outcome == CheckOutcome.Ok).ToList();
        var named = new NamedLogs(
            vouching.Exists(fact => fact.Logs.Intersect(RequiredLogs).Any()),
            vouching.SelectMany(fact => fact.CosignedLogs).Where(log => RequiredLogs.Contains(log.Key)).Select(log => log.Value).DefaultIfEmpty(0).Max());
        return [.. all.Select(fact => Apply(fact, named, kind, signature, endorsements))];
    }

    private VerificationCheck Apply(
        VerificationCheck fact, NamedLogs named, RecordKind? kind, SignatureVerification signature, IReadOnlyList<Endorsement> endorsements) => fact switch
        {
            { Name: "endorsed" } when kind is RecordKind.Image or RecordKind.Run or RecordKind.Replay
                && LackingSigners(kind, signature, endorsements) is { } lacking =>
                fact with { Outcome = CheckOutcome.Incomplete, Detail = $"{lacking} ({Source})" },
            { Name: "time", Outcome: CheckOutcome.Absent } when RequiresTime => Lacking(fact),
            { Name: "log", Outcome: CheckOutcome.Ok or CheckOutcome.Absent } when RequiredLogs.Count > 0 && !named.HaveIt => fact with
            {
                Outcome = CheckOutcome.Incomplete,
                Detail = $"a place in one of the {RequiredLogs.Count} logs that {Source} names is required, none of them is known to have it: {fact.Detail}",
            },
            { Name: "log", Outcome: CheckOutcome.Absent } when (RequiresLog && !named.HaveIt) || named.Witnesses < RequiredWitnesses => Lacking(fact),
            { Name: "log", Outcome: CheckOutcome.Ok } when Math.Max(fact.Witnesses, named.Witnesses) < RequiredWitnesses => fact with
            {
                Outcome = CheckOutcome.Incomplete,
                Detail = $"{RequiredWitnesses} witnesses are required by {Source}, "
                    + $"{Math.Max(fact.Witnesses, named.Witnesses)} known here cosigned: {fact.Detail}",
            },
            { Name: "trust", Outcome: CheckOutcome.Ok } when Problem(kind, signature) is { } problem =>
                fact with { Outcome = CheckOutcome.Failed, Detail = $"{problem} ({Source})" },
            { Name: "trust", Outcome: CheckOutcome.Ok } when RequiresRevocation && signature.Trust is { IsIssued: true, NotListedOn: null } trust => fact with
            {
                Outcome = CheckOutcome.Incomplete,
                Detail = $"no revocation list for {signature.JudgedAt:u} is at hand, which is required by {Source}: {trust.Reason}",
            },
            _ => fact,
        };

    private VerificationCheck Lacking(VerificationCheck fact) =>
        fact with { Outcome = CheckOutcome.Incomplete, Detail = $"is required by {Source}: {fact.Detail}" };

    /// <summary>Who or what is missing among those who signed; null when nothing is.</summary>
    private string? LackingSigners(RecordKind? kind, SignatureVerification signature, IReadOnlyList<Endorsement> endorsements)
    {
        var counted = endorsements.Where(endorsement => endorsement.Counts).Select(endorsement => endorsement.Signature!).ToList();
        if (signature.IsTrusted && Problem(kind, signature) is null)
        {
            counted.Insert(0, signature);
        }

        var people = counted.Select(PersonOf).Distinct(StringComparer.Ordinal).ToList();
        string names = people.Count == 0 ? "nobody" : string.Join(", ", people);
        return RequiredSigners > 1 && people.Count < RequiredSigners
            ? $"{RequiredSigners} signers are required, {people.Count} count{(people.Count == 1 ? "s" : "")}: {names}"
            : RequiresPostQuantum && !counted.Exists(one => one.IsPostQuantum) ? "a post-quantum signature (ML-DSA) is required, none counts"
            : null;
    }

    /// <summary>Two keys of one person do not make two: by the policy's name, else by the certificate's.</summary>
    private string PersonOf(SignatureVerification signature) =>
        Signers.FirstOrDefault(signer => signer.Name is not null
            && (signer.Certificate == signature.Signer!.Fingerprint || signature.Trust!.Predecessors.Contains(signer.Certificate)))?.Name
        ?? signature.Signer!.Name;

    /// <summary>Why the signer, who is trusted, may not sign this; null when they may.</summary>
    internal string? Problem(RecordKind? kind, SignatureVerification signature)
    {
        if (Signers.Count == 0 || signature.Trust is not { } trust)
        {
            return null;
        }

        var named = Signers.Where(signer => trust.Through.Contains(signer.Certificate)).ToList();
        if (named.Count == 0)
        {
            return "may sign nothing: the policy names neither the certificate nor who vouches for it";
        }

        return kind is { } known && named.Exists(signer => signer.Allows(known, signature.JudgedAt))
            ? null
            : $"may not sign {(kind is { } what ? $"a record of kind {StatementTypes.NameOf(what)}" : "what is no record")} at {signature.JudgedAt:u}";
    }

    /// <summary>What the logs that the policy names show of a record, this archive's or others'.</summary>
    /// <param name="HaveIt">Whether one has it.</param>
    /// <param name="Witnesses">Known ones that cosigned the checkpoint of one of them, the most there are.</param>
    private sealed record NamedLogs(bool HaveIt, int Witnesses);
}
