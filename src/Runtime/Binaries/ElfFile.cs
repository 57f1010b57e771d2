namespace Provenance.Runtime.Binaries;

/// <summary>What the loader and the kernel would find in a program or shared library.</summary>
/// <remarks>
/// Read by program headers alone: section headers may be stripped, and the loader does not look at them. Every number in the file is
/// taken as hostile. Source: System V ABI, chapters 4 and 5; Linux Standard Base 5.0 for versions and notes.
/// </remarks>
public sealed record ElfFile
{
    /// <summary>32 or 64.</summary>
    public required int Bits { get; init; }

    public required bool LittleEndian { get; init; }

    public required ElfType Type { get; init; }

    /// <summary>Field e_machine: 62 is x86-64, 183 is arm64.</summary>
    public required int Machine { get; init; }

    /// <summary>As OCI names it, such as <c>amd64</c>; <c>elf-machine-</c> and the number for what OCI does not name.</summary>
    public string Architecture => ElfMachines.OciName(Machine, Bits, LittleEndian);

    /// <summary>The loader it asks for; null when it asks for none.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Libraries it asks for, in order.</summary>
    public required IReadOnlyList<string> Needed { get; init; }

    public string? Soname { get; init; }

    public string? Rpath { get; init; }

    public string? Runpath { get; init; }

    /// <summary>Whether the linker marked it as a program (DF_1_PIE).</summary>
    public required bool PositionIndependentProgram { get; init; }

    /// <summary>NT_GNU_BUILD_ID, lowercase hex; null without one.</summary>
    public string? BuildId { get; init; }

    /// <summary>The oldest Linux it starts on, such as <c>3.2.0</c> (NT_GNU_ABI_TAG); null when it does not say.</summary>
    public string? MinimumKernel { get; init; }

    /// <summary>
    /// Bits of GNU_PROPERTY_X86_ISA_1_NEEDED: bit 0 is the baseline, bit 3 is x86-64-v4. The loader enforces it, yet it lies both
    /// ways: compilers leave it at the baseline, and some distributions stamp it on baseline code. Null without one.
    /// </summary>
    public uint? IsaNeeded { get; init; }

    /// <summary>
    /// Of an arm64 file, what it is marked as built for (GNU_PROPERTY_AARCH64_FEATURE_1_AND): <c>bti</c>, <c>pac</c>, <c>gcs</c>. The marks ask
    /// nothing of the processor: the instructions are in hint space.
    /// </summary>
    /// <remarks>Source: ELF for the Arm 64-bit Architecture (AAELF64), "Program Property".</remarks>
    public IReadOnlyList<string> BranchProtection { get; init; } = [];

    /// <summary>SONAMEs of libraries that it says it may open while it runs, in the order of its notes.</summary>
    public IReadOnlyList<string> MayOpen { get; init; } = [];

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<ElfVersionNeed> VersionsNeeded { get; init; }

    /// <summary>In the order of the file, without the base version that names the file itself.</summary>
    public required IReadOnlyList<string> VersionsDefined { get; init; }

    /// <summary>A program that no library can be put into.</summary>
    public bool IsStatic =>
        Interpreter is null && Needed.Count == 0 && (Type == ElfType.Executable || PositionIndependentProgram);

    public bool IsStaticPie => IsStatic && Type == ElfType.Shared;

    /// <summary>Whether the file begins as ELF files do. Says nothing about the rest.</summary>
    public static bool IsElf(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ElfFile Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new ElfReader(new ElfBytes(file)).Read();
    }

    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    public static ElfFile Read(ReadOnlyMemory<byte> content) => new ElfReader(new ElfBytes(content)).Read();

    /// <summary>Its dynamic symbols, global and weak ones.</summary>
    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<ElfVersionedSymbol> ReadSymbols(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new ElfReader(new ElfBytes(file)).ReadSymbols();
    }

    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    public static IReadOnlyList<ElfVersionedSymbol> ReadSymbols(ReadOnlyMemory<byte> content) =>
        new ElfReader(new ElfBytes(content)).ReadSymbols();
}
