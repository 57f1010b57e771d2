namespace Provenance.Runtime.Sandbox;

/// <summary>The job's program cannot be started: it is not there, or it is nothing this machine can execute.</summary>
public sealed class CommandException(int exitCode, string message) : RuntimeException(message)
{
    public const int CannotExecute = 126;
    public const int NotFound = 127;

    /// <summary><see cref="CannotExecute"/> or <see cref="NotFound"/>, as a shell would exit.</summary>
    public int ExitCode { get; } = exitCode;
}
