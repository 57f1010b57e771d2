namespace Provenance.Runtime.Recording.Calls;

/// <summary>Paths of /proc without the numbers of processes, which say nothing once the job has ended.</summary>
internal static class ProcPath
{
    private const string Folder = "/proc/";
    private const string Tasks = "/task/";

    /// <summary><c>/proc/17/task/18/stat</c> is <c>/proc/PID/task/TID/stat</c>; what is not of a process is as it was.</summary>
    public static string Common(string path)
    {
        int start = Folder.Length;
        if (!path.StartsWith(Folder, StringComparison.Ordinal) || NumberEnd(path, start) is not { } end)
        {
            return path;
        }

        string rest = path[end..];
        if (rest.StartsWith(Tasks, StringComparison.Ordinal) && NumberEnd(rest, Tasks.Length) is { } taskEnd)
        {
            rest = $"{Tasks}TID{rest[taskEnd..]}";
        }

        return $"{Folder}PID{rest}";
    }

    /// <summary>Behind a name that is a number; null where it is none.</summary>
    private static int? NumberEnd(string path, int start)
    {
        int end = start;
        while (end < path.Length && char.IsAsciiDigit(path[end]))
        {
            end++;
        }

        return end > start && (end == path.Length || path[end] == '/') ? end : null;
    }
}
