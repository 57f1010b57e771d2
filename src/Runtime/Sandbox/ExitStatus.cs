namespace Provenance.Runtime.Sandbox;

/// <summary>How a process ended, as wait(2) tells it.</summary>
/// <param name="Raw">The status word of wait4(2).</param>
public readonly record struct ExitStatus(int Raw)
{
    /// <summary>0 to 255; null when a signal ended it.</summary>
    public int? ExitCode => (Raw & 0x7F) == 0 ? (Raw >> 8) & 0xFF : null;

    /// <summary>The number of the signal that ended it; null when it exited.</summary>
    public int? Signal => (Raw & 0x7F) == 0 ? null : Raw & 0x7F;

    public bool CoreDumped => Signal is not null && (Raw & 0x80) != 0;

    /// <summary>What a shell calls it: the exit code, or 128 + N for signal N.</summary>
    public int ShellCode => ExitCode ?? 128 + (Raw & 0x7F);

    public override string ToString() => ExitCode is { } code ? $"exit {code}" : $"signal {Signal}";
}
