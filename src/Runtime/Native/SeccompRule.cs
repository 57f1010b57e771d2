namespace Provenance.Runtime.Native;

/// <summary>One refused system call.</summary>
/// <param name="Call">Which one.</param>
/// <param name="Reason">Why no job needs it, for those who read the policy.</param>
/// <param name="Errno">What the job gets instead.</param>
internal sealed record SeccompRule(Syscall Call, string Reason, Errno Errno = Errno.EPERM)
{
    /// <summary>Index of the argument that decides; null refuses the call whatever its arguments.</summary>
    public int? Argument { get; init; }

    /// <summary>The low 32 bits of that argument for which it is refused.</summary>
    public IReadOnlyList<uint> Values { get; init; } = [];

    /// <summary>Refused when any bit of a value is set, instead of on equality.</summary>
    public bool AnyBit { get; init; }
}
