using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Makes a replay take this processor for another, and says so in its assessment. Rules in schema/FORMAT.d/recording.md.</summary>
internal static class ReplayPinning
{
    /// <summary>What no longer counts when the recorded processor is shown.</summary>
    private static readonly string[] Settled = ["NUM-1", "NUM-6"];

    /// <param name="asked">Null for as recorded.</param>
    /// <param name="assessment">Gets a finding of its own where this processor cannot pass for the other.</param>
    /// <returns>Null when the job sees this processor.</returns>
    public static PinPlan? Plan(
        PinRequest? asked, RunRecord run, HostProfile here, IReadOnlyList<EnvironmentEntry> environment, ref Assessment assessment)
    {
        if ((asked ?? AsRecorded(run.Pinning)) is not { } request)
        {
            if (run.Pinning is { Target: "profile" } pinning)
            {
                assessment = ReplayFindings.Add(assessment, [Finding("NUM-7", Verdict.Warn,
                    $"the run took its CPU for {pinning.Cpu}, whose profile is not in the record", "give the profile with --pin-cpu")]);
            }

            return null;
        }

        try
        {
            int threads = CpuCount.Of(run.Invocation.Affinity);
            var pin = CpuPinning.Plan(request, run.Hosts is [var first, ..] ? first.Cpu : null, here.Cpu, environment, threads);
            if (request.IsRecorded && pin.Cpu is not null)
            {
                assessment = Assessor.Settle(assessment, Settled, "--pin-cpu shows the job the recorded one");
            }

            return pin;
        }
        catch (SandboxException e)
        {
            assessment = ReplayFindings.Add(assessment, [Finding("NUM-5", Verdict.Refuse, e.Message, "leave out --pin-cpu")]);
            return null;
        }
    }

    /// <summary>A run that was pinned to a level is again, by the same means.</summary>
    private static PinRequest? AsRecorded(CpuPin? then) => then is not { Target: not ("recorded" or "profile") } ? null
        : new PinRequest(then.Target, null, then.Mode == "env" ? PinMode.Env : PinMode.Auto);

    private static Finding Finding(string rule, Verdict verdict, string message, string remedy) =>
        new() { Rule = rule, Verdict = verdict, Message = message, Evidence = [], Remedy = remedy, CanForce = true };
}
