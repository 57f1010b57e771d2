using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Cli.Pages;

/// <summary>The facts about a record, one a line.</summary>
internal static class VerificationPage
{
    private const int ProblemsShown = 20;

    public static void Print(RecordVerification verification, Terminal terminal)
    {
        terminal.Heading($"{KindOf(verification.Kind)} {verification.Record.Abbreviated}");
        foreach (var check in verification.Checks)
        {
            terminal.Line($"  {check.Name,-10} {Word(check.Outcome),-7} {check.Detail}");
            foreach (string problem in check.Problems.Take(ProblemsShown))
            {
                terminal.Line($"      {problem}");
            }

            if (check.Problems.Count > ProblemsShown)
            {
                terminal.Line($"      … and {check.Problems.Count - ProblemsShown} more");
            }
        }
    }

    private static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Ok => "ok",
        CheckOutcome.Failed => "FAILED",
        CheckOutcome.Incomplete => "MISSING",
        CheckOutcome.NotUnderstood => "UNKNOWN",
        _ => "absent",
    };

    private static string KindOf(RecordKind? kind) => kind switch
    {
        RecordKind.Run => "run",
        RecordKind.Replay => "replay",
        RecordKind.Image => "image record",
        RecordKind.Endorsement => "endorsement",
        RecordKind.Rotation => "rotation",
        RecordKind.Revocation => "revocation list",
        _ => "record",
    };
}
