using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>What a record says of the terminals that a job had.</summary>
internal static class JobTerminals
{
    public const string Stdin = "stdin";
    public const string Stdout = "stdout";
    public const string Stderr = "stderr";

    /// <summary>Null where the stream was no terminal, or the record does not say how large it was.</summary>
    public static TerminalSize? SizeOf(Invocation invocation, string stream) =>
        invocation.Terminals?.FirstOrDefault(terminal => terminal.Stream == stream) is { } found
            ? new TerminalSize(found.Rows, found.Columns)
            : null;

    /// <summary>The streams that were terminals, whether or not their size is recorded.</summary>
    public static IReadOnlyList<string> Of(RunRecord run) =>
    [
        .. new[]
        {
            run.Invocation.Stdin.Kind == "terminal" ? Stdin : null,
            run.Outcome.Stdout is { Terminal: true } ? Stdout : null,
            run.Outcome.Stderr is { Terminal: true } ? Stderr : null,
        }.OfType<string>(),
    ];

    /// <summary>Why this host has no pseudo-terminals to give a run that had terminals; null when it has, or when the run had none.</summary>
    public static string? FindObstacle(RunRecord run)
    {
        if (Of(run).Count == 0)
        {
            return null;
        }

        try
        {
            var (master, slave) = PseudoTerminals.Open();
            master.Dispose();
            slave.Dispose();
            return null;
        }
        catch (SyscallException e)
        {
            return e.Message;
        }
    }
}
