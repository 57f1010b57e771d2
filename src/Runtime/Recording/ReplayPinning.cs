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

    private const string ThreadCount = "OMP_NUM_THREADS";

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
            if (pin.Emulator is not null)
            {
                assessment = Emulated(request, run, assessment);
            }
            else if (request.IsRecorded && pin.Cpu is not null)
            {
                assessment = Assessor.Settle(assessment, Settled, "--pin-cpu shows the job the recorded one");
            }

            if (pin.Variables.FirstOrDefault(variable => variable.Name == ThreadCount) is { } set)
            {
                assessment = Assessor.Settle(assessment, ["NUM-3"], $"the replay sets {set} and its like");
            }

            return WithApproximations(pin, run);
        }
        catch (SandboxException e)
        {
            assessment = ReplayFindings.Add(assessment, [request.Mode == PinMode.Emulate
                ? Finding("EMU-1", Verdict.Refuse, e.Message, "name another CPU with --emulate, or leave it out")
                : Finding("NUM-5", Verdict.Refuse, e.Message, "leave out --pin-cpu")]);
            return null;
        }
    }

    /// <summary>What this processor lacks does not count, for it does not run the job; what no emulator has does.</summary>
    private static Assessment Emulated(PinRequest request, RunRecord run, Assessment assessment)
    {
        assessment = Assessor.Provide(assessment, "CPU-", "--emulate has it done by qemu");
        if (request.IsRecorded)
        {
            assessment = Assessor.Settle(assessment, Settled, "--emulate shows the job the recorded one");
        }

        var beyond = Emulation.FindBeyond(run);
        return beyond.Count == 0 ? assessment : ReplayFindings.Add(assessment, [Finding(
            "EMU-1", Verdict.Refuse, $"qemu does not emulate what the run's code needs: {string.Join(", ", beyond)}", null)]);
    }

    /// <summary>The record may know how many there are, and where.</summary>
    private static PinPlan WithApproximations(PinPlan pin, RunRecord run)
    {
        if (run.Requirements is not { } requirements || !pin.Pinning.NotPinned.Contains(CpuPinning.Approximations))
        {
            return pin;
        }

        string[] sentences = requirements.Approximate.Count == 0
            ? ["x87 functions, which are made in the processor and differ between vendors"]
            : [.. requirements.Approximate.Select(code =>
                $"{code.Count} approximate reciprocals and square roots in '{code.Path}', which differ between vendors")];
        return pin with
        {
            Pinning = pin.Pinning with
            {
                NotPinned = [.. pin.Pinning.NotPinned.Where(sentence => sentence != CpuPinning.Approximations), .. sentences],
            },
        };
    }

    /// <summary>A run that was pinned to a level, or emulated, is again, by the same means.</summary>
    private static PinRequest? AsRecorded(CpuPin? then) => then switch
    {
        { Mode: Emulation.Mode } => new PinRequest(null, null, PinMode.Emulate) { Model = then.Target },
        { Target: not ("recorded" or "profile") } => new PinRequest(then.Target, null, then.Mode == "env" ? PinMode.Env : PinMode.Auto),
        _ => null,
    };

    private static Finding Finding(string rule, Verdict verdict, string message, string? remedy) =>
        new() { Rule = rule, Verdict = verdict, Message = message, Evidence = [], Remedy = remedy, CanForce = true };
}
