using Provenance.Archive.Catalog;

namespace Provenance.Cli;

/// <summary>Runs as a list, one a line.</summary>
internal static class RunTable
{
    private const int CommandWidth = 60;

    public static void Print(IReadOnlyList<RunRow> runs, Terminal terminal)
    {
        var table = new TextTable("RUN", "STARTED", "TOOK", "ENDED", "IMAGE", "COMMAND");
        foreach (var run in runs)
        {
            table.Add(
                run.Record.Abbreviated,
                Readable.Time(run.StartedAt),
                Readable.Duration((long)run.Duration.TotalMilliseconds),
                Ending(run.ExitCode, run.Signal),
                run.ImageReference,
                Shorten(run.Command) + (run.ReplayOf is { } original ? $" (replay of {original.Abbreviated})" : ""));
        }

        table.Print(terminal);
    }

    public static string Ending(int? exitCode, int? signal) => signal is null ? $"exit {exitCode}" : $"signal {signal}";

    public static string Shorten(string command) => command.Length <= CommandWidth ? command : command[..(CommandWidth - 1)] + "…";
}
