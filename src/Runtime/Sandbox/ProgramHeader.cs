using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Provenance.Runtime.Sandbox;

/// <summary>What the first bytes of a program say about executing it.</summary>
/// <param name="Interpreter">The dynamic linker, or what stands after #!; null for a static program.</param>
/// <param name="Problem">Why this machine cannot execute it; null for no reason known.</param>
internal sealed record ProgramHeader(string? Interpreter, string? Problem)
{
    private const int HeaderBytes = 4096;

    // elf(5): the machines that images are made for.
    private static readonly Dictionary<int, string> Machines = new()
    {
        [3] = "32-bit x86",
        [21] = "ppc64",
        [22] = "s390x",
        [40] = "32-bit arm",
        [62] = "x86-64",
        [183] = "arm64",
        [243] = "riscv64",
        [258] = "loongarch64",
    };

    /// <summary>Null when the caller may not read the file, which does not keep it from being executed.</summary>
    public static ProgramHeader? TryRead(string path)
    {
        byte[] bytes = new byte[HeaderBytes];
        try
        {
            using var file = File.OpenHandle(path);
            int length = RandomAccess.Read(file, bytes, 0);
            return Parse(bytes.AsSpan(0, length), HasForeignLoaders);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    /// <param name="bytes">The file's first 4096, or all of it.</param>
    /// <param name="hasForeignLoaders">Whether the kernel may know how to run programs of other machines.</param>
    public static ProgramHeader Parse(ReadOnlySpan<byte> bytes, Func<bool> hasForeignLoaders)
    {
        if (bytes.StartsWith("#!"u8))
            return ParseScript(bytes[2..]);
        if (!bytes.StartsWith("\x7F"u8) || !bytes[1..].StartsWith("ELF"u8) || bytes.Length < 64)
        {
            return hasForeignLoaders()
                ? new ProgramHeader(null, null)
                : new ProgramHeader(null, "is neither a program nor a script that begins with #!");
        }
        int machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        return IsNative(machine) || hasForeignLoaders()
            ? new ProgramHeader(FindInterpreter(bytes), null)
            : new ProgramHeader(
                null, $"is built for {Machines.GetValueOrDefault(machine, $"machine {machine}")}, this machine is {Here}");
    }

    private static string Here => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x86-64";

    private static bool IsNative(int machine) => RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? machine is 183 or 40
        : machine is 62 or 3;

    /// <summary>binfmt_misc(5): anything there besides its two control files is a loader that somebody registered.</summary>
    private static bool HasForeignLoaders()
    {
        const string Folder = "/proc/sys/fs/binfmt_misc";
        return Directory.Exists(Folder) && Directory.EnumerateFiles(Folder)
            .Any(file => Path.GetFileName(file) is not ("register" or "status"));
    }

    /// <summary>execve(2): the first word after #! and blanks; the rest is its argument.</summary>
    private static ProgramHeader ParseScript(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).Trim(' ', '\t');
        int blank = line.AsSpan().IndexOfAny(' ', '\t');
        string interpreter = blank < 0 ? line : line[..blank];
        return interpreter.Length > 0
            ? new ProgramHeader(interpreter, null)
            : new ProgramHeader(null, "names no interpreter after #!");
    }

    /// <summary>The string of PT_INTERP, when it stands in the bytes at hand, as it does in what linkers make.</summary>
    private static string? FindInterpreter(ReadOnlySpan<byte> bytes)
    {
        const int Wide = 2, Interp = 3;
        bool wide = bytes[4] == Wide;
        long table = wide ? (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(wide ? 54 : 42)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(wide ? 56 : 44)..]);
        for (int i = 0; i < count && Has(bytes, table + (i * size), wide ? 56 : 32); i++)
        {
            var entry = bytes[(int)(table + (i * size))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != Interp)
                continue;
            long offset = wide ? (long)BinaryPrimitives.ReadUInt64LittleEndian(entry[8..])
                : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
            long length = wide ? (long)BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])
                : BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            return Has(bytes, offset, length)
                ? Encoding.UTF8.GetString(bytes.Slice((int)offset, (int)length)).TrimEnd('\0')
                : null;
        }
        return null;
    }

    private static bool Has(ReadOnlySpan<byte> bytes, long offset, long length) =>
        offset >= 0 && length >= 0 && length <= bytes.Length && offset <= bytes.Length - length;
}
