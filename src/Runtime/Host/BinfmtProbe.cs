using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>Which programs of other machines the kernel hands to an interpreter, by the entries of binfmt_misc.</summary>
/// <remarks>
/// Source: Linux, Documentation/admin-guide/binfmt-misc.rst and fs/binfmt_misc.c (entry_status). An entry counts in a container only with flag F, by which the
/// kernel has opened the interpreter when it was registered: no container has it at that path.
/// </remarks>
internal static class BinfmtProbe
{
    private const string Folder = "/proc/sys/fs/binfmt_misc";

    /// <summary>The kernel matches against no more of a file.</summary>
    private const int HeaderBytes = 256;

    /// <summary>Class, data encoding and e_machine of the architectures that images are made for: elf(5).</summary>
    private static readonly (string Architecture, byte Class, byte Encoding, ushort Machine)[] Architectures =
    [
        ("386", 1, 1, 3), ("amd64", 2, 1, 62), ("arm", 1, 1, 40), ("arm64", 2, 1, 183), ("loong64", 2, 1, 258), ("ppc64le", 2, 1, 21), ("riscv64", 2, 1, 243),
        ("s390x", 2, 2, 22),
    ];

    /// <summary>Null for none.</summary>
    internal static IReadOnlyList<ProgramHandler>? Read(MachineFiles files)
    {
        bool isOff = files.ReadText($"{Folder}/status") == "disabled";
        ProgramHandler[] handlers = isOff ? [] :
        [
            .. files.List(Folder).Where(name => name is not ("register" or "status"))
                .Select(name => Parse(name, files.ReadText($"{Folder}/{name}"))).OfType<ProgramHandler>(),
        ];
        return handlers.Length == 0 ? null : handlers;
    }

    private static ProgramHandler? Parse(string name, string? text)
    {
        string[] lines = (text ?? "").Split('\n', StringSplitOptions.TrimEntries);
        string? interpreter = After(lines, "interpreter "), flags = After(lines, "flags:");
        byte[]? magic = Bytes(After(lines, "magic ")), mask = Bytes(After(lines, "mask "));
        if (lines[0] != "enabled" || interpreter is not ['/', ..] || flags?.Contains('F', StringComparison.Ordinal) != true || magic is null
            || (mask is not null && mask.Length != magic.Length)
            || !int.TryParse(After(lines, "offset "), NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
            || offset > HeaderBytes - magic.Length)
        {
            return null;
        }

        string[] matched =
        [
            .. Architectures.Where(one => Matches(HeaderOf(one.Class, one.Encoding, one.Machine).AsSpan(offset), magic, mask)).Select(one => one.Architecture),
        ];
        return matched.Length == 0 ? null : new ProgramHandler { Name = name, Interpreter = interpreter, Architectures = matched };
    }

    private static bool Matches(ReadOnlySpan<byte> header, byte[] magic, byte[]? mask)
    {
        for (int i = 0; i < magic.Length; i++)
        {
            if (((header[i] ^ magic[i]) & (mask is null ? 0xFF : mask[i])) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The beginning of a program of a machine.</summary>
    private static byte[] HeaderOf(byte width, byte encoding, ushort machine)
    {
        const byte Executable = 2, Version = 1;
        byte[] header = new byte[HeaderBytes];
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', width, encoding, Version]).CopyTo(header);
        int low = encoding == 1 ? 0 : 1;
        header[16 + low] = Executable;
        header[18 + low] = (byte)machine;
        header[19 - low] = (byte)(machine >> 8);
        return header;
    }

    private static string? After(string[] lines, string label) =>
        Array.Find(lines, line => line.StartsWith(label, StringComparison.Ordinal))?[label.Length..].Trim();

    /// <summary>Null for what is none.</summary>
    private static byte[]? Bytes(string? hex) =>
        hex is { Length: > 0 and <= HeaderBytes * 2 } && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : null;
}
