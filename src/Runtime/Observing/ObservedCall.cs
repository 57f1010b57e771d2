using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>A row of the <see cref="CallTable"/>.</summary>
/// <param name="PathAt">Index of the argument that is the path.</param>
internal sealed record ObservedCall(Syscall Call, CallShape Shape, int PathAt = 0)
{
    /// <summary>Index of the descriptor that the path is relative to; null for the working folder.</summary>
    public int? FolderAt { get; init; }

    /// <summary>Index of the AT_* flags; null for none.</summary>
    public int? FlagsAt { get; init; }

    /// <summary>Whether a link that is the last name is followed, when no flag says otherwise.</summary>
    public bool Follows { get; init; }

    public FileAccess Access { get; init; }

    /// <summary>The release of Linux that brought it, where hosts may lack it that can run a job; null for the others.</summary>
    public string? Since { get; init; }

    /// <summary>The name of the <see cref="CallNoted"/> that tells of its use.</summary>
    public string Note => $"kernel-call:{Call.Name}";

    /// <summary>Index of a pointer without which the call is about a descriptor, and need not be seen.</summary>
    public int? UnlessNull { get; init; }

    /// <summary>Index of the argument, and the bits in it, without which the call need not be seen.</summary>
    public (int Argument, uint AnyBit)? OnlyWith { get; init; }
}
