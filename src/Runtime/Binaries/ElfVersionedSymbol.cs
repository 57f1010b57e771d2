namespace Provenance.Runtime.Binaries;

/// <summary>One symbol of a dynamic symbol table.</summary>
/// <param name="Name">Without its version.</param>
/// <param name="Version">The version node it is of, such as <c>GLIBC_2.34</c>; null for none.</param>
/// <param name="IsDefined">Whether this file has it; else it takes it from another.</param>
/// <param name="IsWeak">Whether the program starts without it.</param>
public readonly record struct ElfVersionedSymbol(string Name, string? Version, bool IsDefined, bool IsWeak);
