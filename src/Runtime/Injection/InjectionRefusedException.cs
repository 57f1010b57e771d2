using Provenance.Archive.Records;

namespace Provenance.Runtime.Injection;

/// <summary>What was asked to be put into a container does not fit it, and was not forced.</summary>
public sealed class InjectionRefusedException(IReadOnlyList<Finding> findings)
    : RuntimeException(findings.First(finding => finding.Verdict == Verdict.Refuse) is var first ? $"{first.Rule}: {first.Message}" : "")
{
    /// <summary>All of them, warnings included.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings;

    /// <summary>Whether <c>--force</c> would set every refusal aside.</summary>
    public bool CanForce => Findings.All(finding => finding.Verdict != Verdict.Refuse || finding.CanForce);
}
