namespace Provenance.Runtime.Native;

/// <summary>One system call that is refused, or that somebody is told of before it is done.</summary>
/// <param name="Call">Which one.</param>
/// <param name="Reason">Why no job needs it, or why it is told, for those who read the policy.</param>
/// <param name="Errno">What the job gets instead.</param>
internal sealed record SeccompRule(Syscall Call, string Reason, Errno Errno = Errno.EPERM)
{
    /// <summary>Index of the argument that decides; null refuses the call whatever its arguments.</summary>
    public int? Argument { get; init; }

    /// <summary>The low 32 bits of that argument for which it is refused.</summary>
    public IReadOnlyList<uint> Values { get; init; } = [];

    /// <summary>Refused when any bit of a value is set, instead of on equality.</summary>
    public bool AnyBit { get; init; }

    /// <summary>It is not refused: whoever holds the filter's listener is told, and decides.</summary>
    public bool Notifies { get; init; }

    /// <summary>It is not refused: the thread stops for its tracer, and without one it fails with ENOSYS.</summary>
    public bool Traces { get; init; }

    /// <summary>Index of a pointer: where it is null, the call is allowed and nobody told.</summary>
    public int? UnlessNull { get; init; }
}
