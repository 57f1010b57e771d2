namespace Provenance.Runtime.Binaries;

/// <summary>Field e_type of the ELF header.</summary>
public enum ElfType
{
    None = 0,

    /// <summary>An object file of a compiler.</summary>
    Relocatable = 1,

    /// <summary>A program with a fixed address.</summary>
    Executable = 2,

    /// <summary>A shared library, or a program that can stand at any address.</summary>
    Shared = 3,

    Core = 4,
}
