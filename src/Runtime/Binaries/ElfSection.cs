namespace Provenance.Runtime.Binaries;

/// <summary>One section header: a help where it is there, for it may be stripped, and nothing that loads a file looks at it.</summary>
/// <param name="Name">Such as <c>.eh_frame</c>.</param>
/// <param name="Type">SHT_*.</param>
/// <param name="Flags">SHF_*: 4 is executable.</param>
/// <param name="Address">Where it begins in memory; 0 for what is not loaded.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Link">Index of the section it belongs to: of symbols their names.</param>
internal readonly record struct ElfSection(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link);
