namespace Provenance.Runtime.Observing;

/// <summary>An execve(2) that was found to be possible. It comes after the <see cref="FileTouched"/> of the program and of its interpreters.</summary>
internal sealed record ProgramStarted : ObservedEvent
{
    /// <summary>As <see cref="FileTouched.Path"/>: the file that was named, a script where it is one.</summary>
    public required string Path { get; init; }

    /// <summary>At most 64 KiB in all; what was cut ends in an argument <c>…</c>.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Absolute in the container.</summary>
    public required string WorkingDirectory { get; init; }
}
