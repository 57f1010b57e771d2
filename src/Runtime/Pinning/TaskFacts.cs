using System.Globalization;

namespace Provenance.Runtime.Pinning;

/// <summary>What /proc tells of a thread that stands still. Null for whatever cannot be read.</summary>
internal static class TaskFacts
{
    /// <summary>A line of /proc/PID/status, without its name.</summary>
    public static string? ReadStatus(int thread, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{thread}/status")
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The process a thread belongs to.</summary>
    public static int? ProcessOf(int thread) =>
        int.TryParse(ReadStatus(thread, "Tgid:"), CultureInfo.InvariantCulture, out int process) ? process : null;

    /// <summary>The program it runs, by its path in the container.</summary>
    public static string? ProgramOf(int thread)
    {
        try
        {
            return new FileInfo($"/proc/{thread}/exe").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Its memory, as far as it may be executed.</summary>
    public static IReadOnlyList<CodeMapping> CodeOf(int thread)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{thread}/maps").Select(CodeMapping.Parse).OfType<CodeMapping>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
