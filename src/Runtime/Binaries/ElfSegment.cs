namespace Provenance.Runtime.Binaries;

/// <summary>One program header.</summary>
/// <param name="Type">PT_*.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Address">Where it begins in memory.</param>
/// <param name="FileSize">In bytes.</param>
/// <param name="Alignment">In bytes.</param>
internal readonly record struct ElfSegment(uint Type, ulong Offset, ulong Address, ulong FileSize, ulong Alignment);
