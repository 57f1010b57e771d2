using Provenance.Archive;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Turns what was thrown into one line, a hint, and an exit status.</summary>
internal static class Failure
{
    public static int Report(Exception e, Terminal terminal, Workbench workbench)
    {
        terminal.Error(IsOurs(e) ? OneLine(e.Message) : $"{OneLine(e.Message)} ({e.GetType().Name}); this is a defect of prov");
        if (Hints.For(e, workbench) is { } hint)
        {
            terminal.Hint(hint);
        }

        if (Environment.GetEnvironmentVariable("PROV_DEBUG") == "1")
        {
            terminal.RawError(e + "\n");
        }

        return ExitCode(e);
    }

    /// <summary>What a person can cause or meet: everything else is our own mistake.</summary>
    private static bool IsOurs(Exception e) =>
        e is UsageException or ArchiveException or SyscallException or IOException or UnauthorizedAccessException or OperationCanceledException;

    private static int ExitCode(Exception e) => e switch
    {
        UsageException => ExitCodes.Usage,
        _ => ExitCodes.Failed,
    };

    private static string OneLine(string message) => string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
