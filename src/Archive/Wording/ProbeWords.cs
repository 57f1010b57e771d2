using Provenance.Archive.Records;

namespace Provenance.Archive.Wording;

/// <summary>What came of a trial under qemu, as one sentence.</summary>
public static class ProbeWords
{
    public static string Of(CpuProbe probe)
    {
        string lacking = probe.NotEmulated.Count > 0 ? $"; qemu does not emulate {string.Join(", ", probe.NotEmulated)}, which this CPU has" : "";
        return probe.Result == CpuProbeResult.NotTried
            ? $"not tried under qemu: {probe.Reason}"
            : $"tried under qemu {probe.Emulator} as this CPU: {Outcome(probe)}{lacking}";
    }

    private static string Outcome(CpuProbe probe)
    {
        string open = probe.Reason is { } reason ? $"; {reason}" : "";
        string time = Readable.Duration(probe.WallMilliseconds ?? 0);
        return probe.Result switch
        {
            CpuProbeResult.Ended => $"it ran to its end in {time}{open}",
            CpuProbeResult.StillRunning => $"it ran on after {probe.LimitSeconds} s without an illegal instruction{open}",
            CpuProbeResult.IllegalInstruction => $"it stopped at '{probe.Illegal?.Instruction}' after {time}",
            _ => $"that tells nothing{open}",
        };
    }
}
