namespace Provenance.Archive.Records;

/// <summary>A run that was tried under qemu before, as the processor that its assessment was in doubt of.</summary>
public sealed record CpuProbe
{
    public required CpuProbeResult Result { get; init; }

    /// <summary>Why it was not tried, or what it leaves open, in one sentence; null when it answers what was asked.</summary>
    public string? Reason { get; init; }

    /// <summary>qemu's version; null when it was not tried.</summary>
    public string? Emulator { get; init; }

    /// <summary>The processor as qemu was told of it (QEMU_CPU).</summary>
    public string? Cpu { get; init; }

    /// <summary>Code features of the processor that qemu does not emulate, named as in /proc/cpuinfo, in ordinal order: code for them was not tried.</summary>
    public required IReadOnlyList<string> NotEmulated { get; init; }

    /// <summary>How long it was allowed to run.</summary>
    public required int LimitSeconds { get; init; }

    /// <summary>How long it ran; null when it did not.</summary>
    public long? WallMilliseconds { get; init; }

    /// <summary>What it exited with; null when it did not.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, but for ours when its time was up.</summary>
    public int? Signal { get; init; }

    /// <summary>Where a process of it ended by SIGILL; what is missing there is missing in the processor that was asked about.</summary>
    public IllegalInstruction? Illegal { get; init; }
}
