using System.Globalization;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Pinning;

/// <summary>An illegal instruction as the kernel's log tells of it, on x86: arch/x86/kernel/traps.c, mm/memory.c (print_vma_addr).</summary>
/// <param name="Name">The thread's, of at most 15 bytes.</param>
/// <param name="Thread">As the machine's first process numbers it.</param>
/// <param name="Address">Of the instruction.</param>
/// <param name="File">Without its folder; null for code that is in no file.</param>
/// <param name="Offset">In the file; null on kernels before 6.9, which do not tell.</param>
/// <param name="Base">Where the mapping begins in memory.</param>
/// <param name="Size">Of the mapping, in bytes.</param>
internal sealed partial record KernelTrap(string Name, int Thread, ulong Address, string? File, ulong? Offset, ulong Base, ulong Size)
{
    /// <param name="message">One message of the log, without its head.</param>
    /// <returns>Null when it tells of something else.</returns>
    public static KernelTrap? Parse(string message)
    {
        var match = Line().Match(message);
        if (!match.Success || !int.TryParse(match.Groups["thread"].Value, CultureInfo.InvariantCulture, out int thread))
            return null;
        return new KernelTrap(
            match.Groups["name"].Value, thread, Number(match, "ip") ?? 0,
            match.Groups["file"] is { Success: true } file ? file.Value : null,
            Number(match, "offset"), Number(match, "base") ?? 0, Number(match, "size") ?? 0);
    }

    private static ulong? Number(Match match, string group) =>
        ulong.TryParse(match.Groups[group].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    [GeneratedRegex(
        @"\Atraps: (?<name>.{0,15})\[(?<thread>[0-9]{1,10})\] trap invalid opcode ip:(?<ip>[0-9a-f]{1,16}) sp:[0-9a-f]{1,16} error:[0-9a-f]{1,8}"
        + @"(?: in (?<file>[^/]+)\[(?:(?<offset>[0-9a-f]{1,16}),)?(?<base>[0-9a-f]{1,16})\+(?<size>[0-9a-f]{1,16})\])?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
