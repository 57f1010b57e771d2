using System.Globalization;

namespace Provenance.Runtime.Pinning;

/// <summary>A stretch of a process's memory, mostly such as may be executed.</summary>
/// <remarks>Source: proc_pid_maps(5): <c>start-end perms offset dev inode path</c>.</remarks>
internal sealed record CodeMapping
{
    private const int Fields = 6;

    public required ulong Start { get; init; }

    /// <summary>The first address behind it.</summary>
    public required ulong End { get; init; }

    /// <summary>Where in the file it begins, in bytes.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Device and inode as the line has them; one name for the file however it is reached.</summary>
    public required string Identity { get; init; }

    /// <summary>By its place in the container; null for memory without a file, and for the kernel's own.</summary>
    public string? Path { get; init; }

    /// <summary>Memory that the program has asked for, not the kernel's own: that has a name in brackets.</summary>
    public bool IsAnonymous { get; init; }

    /// <returns>Null for what may not be executed.</returns>
    public static CodeMapping? Parse(string line) => Parse(line, 'x');

    /// <param name="line">Of /proc/PID/maps.</param>
    /// <param name="permission">r, w or x.</param>
    /// <returns>Null without the permission.</returns>
    public static CodeMapping? Parse(string line, char permission)
    {
        string[] fields = line.Split(' ', Fields, StringSplitOptions.RemoveEmptyEntries);
        bool isAllowed = fields.Length >= Fields - 1 && fields[1].Length >= 4 && fields[1].Contains(permission, StringComparison.Ordinal);
        if (!isAllowed || fields[0].Split('-') is not [var start, var end])
            return null;
        string path = fields.Length == Fields ? fields[5].TrimStart() : "";
        return TryHex(start, out ulong from) && TryHex(end, out ulong to) && TryHex(fields[2], out ulong offset)
            ? new CodeMapping
            {
                Start = from,
                End = to,
                Offset = offset,
                Identity = $"{fields[3]} {fields[4]}",
                IsAnonymous = path.Length == 0,
                Path = path.StartsWith('/') ? path : null,
            }
            : null;
    }

    private static bool TryHex(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
