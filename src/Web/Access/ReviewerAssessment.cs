using Provenance.Archive.Records;

namespace Provenance.Web.Access;

/// <summary>What a reviewer is told of whether a machine could repeat a run: which rules found what, and nothing of the profile that he sent.</summary>
/// <remarks>
/// Names in an answer are replaced, so that a profile with the right name in it, wherever that stands, would come back changed and confirm the guess.
/// Messages, evidence and remedies quote the profile and the recorded machine. No rule compares names of machines or people: verdicts are no oracle.
/// </remarks>
internal static class ReviewerAssessment
{
    private const string Message = "what it compares is not shown by a link for reviewers";

    public static Assessment Of(Assessment assessment) => assessment with
    {
        Findings =
        [
            .. assessment.Findings.Select(finding => new Finding
            {
                Rule = finding.Rule,
                Verdict = finding.Verdict,
                Message = Message,
                Evidence = [],
                CanForce = finding.CanForce,
            }),
        ],
        Probe = null,
    };
}
