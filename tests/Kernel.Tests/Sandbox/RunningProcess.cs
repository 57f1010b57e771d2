namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>Looks for processes on the host.</summary>
internal static class RunningProcess
{
    /// <summary>Ids of the processes with this command line; those that are only waiting to be reaped have none.</summary>
    public static IReadOnlyList<string> With(params string[] argv)
    {
        string wanted = string.Join('\0', argv) + '\0';
        return [.. Directory.EnumerateDirectories("/proc").Where(IsProcess).Where(path => CommandLine(path) == wanted)];
    }

    private static bool IsProcess(string path) => char.IsAsciiDigit(Path.GetFileName(path)[0]);

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
