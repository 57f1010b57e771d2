namespace Provenance.Runtime.Analysis;

/// <summary>Numbers of the relocations that name code, in the ABI of one machine.</summary>
/// <param name="Absolute">A word with an address of 64 bits.</param>
/// <param name="GlobalData">An entry of the global offset table.</param>
/// <param name="JumpSlot">The same, for a stub.</param>
/// <param name="Relative">An address within the object.</param>
/// <param name="IndirectRelative">An IFUNC resolver's.</param>
internal sealed record RelocationTypes(uint Absolute, uint GlobalData, uint JumpSlot, uint Relative, uint IndirectRelative);
