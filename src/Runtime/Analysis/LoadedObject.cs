using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>A program or library of a load set.</summary>
internal sealed record LoadedObject
{
    /// <summary>Absolute in the container, free of links.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is on the host.</summary>
    public required string HostPath { get; init; }

    public required ElfFile Elf { get; init; }

    /// <summary>A program that was started, not a library of one.</summary>
    public bool IsProgram { get; init; }

    /// <summary>A program names it as its interpreter (PT_INTERP).</summary>
    public bool IsLoader { get; init; }

    /// <summary>The job opened it; nothing asks for it by name, so that a program may have chosen it by processor.</summary>
    public bool IsOpened { get; init; }

    /// <summary>The level of a variant that the dynamic linker takes where the processor allows: <c>v3</c>; null for what is no variant.</summary>
    public string? VariantLevel { get; init; }

    /// <summary>The C library's own files choose code everywhere, and are right about it.</summary>
    public bool IsOfCLibrary => IsLibraryNamed("libc.so") || IsLibraryNamed("ld-linux") || IsLibraryNamed("libm.so")
        || IsLibraryNamed("libmvec") || IsLibraryNamed("libgcc_s") || IsLibraryNamed("libpthread") || IsLibraryNamed("ld-musl");

    /// <summary>What it writes into executable memory are jumps that any processor runs: closures of libffi.</summary>
    public bool MakesOnlyTrampolines => IsLibraryNamed("libffi.so");

    private bool IsLibraryNamed(string start) => System.IO.Path.GetFileName(Path.AsSpan()).StartsWith(start, StringComparison.Ordinal);
}
