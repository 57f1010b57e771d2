using Provenance.Archive.Trust;
using Provenance.Web.Reading;

namespace Provenance.Web.Api;

/// <summary>What this server found out about a record: separate facts, never one tick.</summary>
internal sealed record VerificationDocument
{
    public required VerificationVerdict Verdict { get; init; }

    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>signature, identity, time, trust, endorsed, log, bytes; before bytes origin, where the log of another archive proves something.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    public static VerificationDocument Of(JudgedRecord judged) =>
        new() { Verdict = judged.Facts.Verdict, CheckedAt = judged.CheckedAt, Checks = judged.Facts.Checks };
}
