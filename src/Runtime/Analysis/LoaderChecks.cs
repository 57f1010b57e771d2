using System.Buffers.Binary;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>What a dynamic linker asks of an x86-64 processor before a program's own code runs, as far as it was built to ask.</summary>
/// <remarks>
/// Source: glibc, sysdeps/x86/dl-prop.h (marks of files, since 2.33) and sysdeps/x86/dl-get-cpu-features.c (its own level, in rtld alone: one message for
/// each level from v2 to the one that it was compiled for). The messages stand in the file exactly where the checks do; musl has neither.
/// </remarks>
internal sealed record LoaderChecks
{
    private const ulong DtSoname = 14;

    /// <summary>Of SONAMEs: <c>ld-linux-x86-64.so.2</c>; musl is its own C library, <c>libc.so</c> or, in Alpine, <c>libc.musl-x86_64.so.1</c>.</summary>
    private static readonly string[] NamePrefixes = ["ld", "libc."];

    /// <summary>Compilers load a message and its number side by side: bytes before and behind the address among which the number is.</summary>
    private const int Before = 8, Behind = 16;

    /// <summary>Whether it refuses files by their GNU_PROPERTY_X86_ISA_1_NEEDED.</summary>
    public required bool ReadsMarks { get; init; }

    /// <summary>The level without which it starts nothing: <c>v2</c> to <c>v4</c>; null for none.</summary>
    public string? Level { get; init; }

    /// <summary>Null for what is by its name no dynamic linker.</summary>
    internal static LoaderChecks? Of(ElfImage image)
    {
        long names = image.OffsetOf(image.Value(ElfImage.DtStrtab));
        if (image.Machine != ElfMachines.Amd64 || names <= 0 || !image.Dynamic.TryGetValue(DtSoname, out ulong name)
            || name > int.MaxValue || !Array.Exists(NamePrefixes, prefix => image.Text(names + (long)name).StartsWith(prefix, StringComparison.Ordinal)))
        {
            return null;
        }

        var content = image.Content.AsSpan();
        int refusal = content.IndexOf("Fatal glibc error: CPU does not support x86-64-v%d"u8);
        return new LoaderChecks
        {
            ReadsMarks = content.IndexOf("CPU ISA level is lower than required"u8) >= 0,
            Level = refusal < 0 ? null : $"v{LevelOf(image, refusal)}",
        };
    }

    /// <summary>The highest number that is handed to a message; 2 where none is found, for that is the lowest there is.</summary>
    private static int LevelOf(ElfImage image, int message)
    {
        const int Lowest = 2;
        int level = Lowest;
        foreach (var segment in image.Segments.Where(segment => segment.IsLoaded && Holds(segment, message)))
        {
            ulong address = segment.Address + ((ulong)message - segment.Offset);
            foreach (var code in image.Segments.Where(segment => segment.IsCode && image.Has((long)segment.Offset, (long)segment.FileSize)))
            {
                level = Math.Max(level, Highest(image.Content.AsSpan((int)code.Offset, (int)code.FileSize), code.Address, address));
            }
        }

        return level;
    }

    private static bool Holds(ElfSegment segment, int offset) => (ulong)offset >= segment.Offset && (ulong)offset - segment.Offset < segment.FileSize;

    /// <summary><c>lea rdi,[rip+message]</c> with <c>mov esi,2</c> to 4 beside it; 0 for none.</summary>
    private static int Highest(ReadOnlySpan<byte> code, ulong start, ulong message)
    {
        const int LeaBytes = 7;
        int highest = 0, at = 0;
        while (code[at..].IndexOf((ReadOnlySpan<byte>)[0x48, 0x8D, 0x3D]) is var next and >= 0 && at + next + LeaBytes <= code.Length)
        {
            at += next;
            int distance = BinaryPrimitives.ReadInt32LittleEndian(code[(at + 3)..]);
            if (unchecked(start + (ulong)(at + LeaBytes) + (ulong)(long)distance) == message)
            {
                highest = Math.Max(highest, NumberIn(code[Math.Max(0, at - Before)..Math.Min(code.Length, at + Behind)]));
            }

            at += LeaBytes;
        }

        return highest;
    }

    private static int NumberIn(ReadOnlySpan<byte> code)
    {
        for (int level = 4; level >= 2; level--)
        {
            if (code.IndexOf((ReadOnlySpan<byte>)[0xBE, (byte)level, 0, 0, 0]) >= 0)
            {
                return level;
            }
        }

        return 0;
    }
}
