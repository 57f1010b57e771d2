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

    /// <summary>The program that an emulator runs, which stands behind its own name (binfmt_misc, P); empty where it does not.</summary>
    public static string EmulatedProgramOf(int thread)
    {
        try
        {
            return File.ReadAllText($"/proc/{thread}/cmdline").Split('\0') is [_, var program, _, ..] ? program : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Its memory, as far as it may be executed.</summary>
    public static IReadOnlyList<CodeMapping> CodeOf(int thread) => MemoryOf(thread, 'x');

    /// <summary>Its memory, as far as it has a permission: r, w or x.</summary>
    public static IReadOnlyList<CodeMapping> MemoryOf(int thread, char permission)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{thread}/maps").Select(line => CodeMapping.Parse(line, permission)).OfType<CodeMapping>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
