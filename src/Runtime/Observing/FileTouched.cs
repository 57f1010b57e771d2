using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>A path that a call named, and how the file stood just before the call.</summary>
internal sealed record FileTouched : ObservedEvent
{
    public required FileAccess Access { get; init; }

    /// <summary>Absolute in the container, every symbolic link resolved (the last one not, where the call does not follow it).</summary>
    public required string Path { get; init; }

    /// <summary>As the job named it, made absolute by its folder or descriptor and nothing else; null where it is <see cref="Path"/>.</summary>
    public string? Named { get; init; }

    /// <summary>Just before the call; null when nothing stood there: with no <see cref="FileAccess.Create"/> a look-up that failed.</summary>
    public FileStatus? Before { get; init; }
}
