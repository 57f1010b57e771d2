namespace Provenance.Runtime.Binaries;

/// <summary>One program header.</summary>
/// <param name="Type">PT_*.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Address">Where it begins in memory.</param>
/// <param name="FileSize">In bytes.</param>
/// <param name="Alignment">In bytes.</param>
/// <param name="Flags">PF_*: 1 executable, 2 writable, 4 readable.</param>
/// <param name="MemorySize">In bytes: what the file does not fill is zero. 0 where the reader had no use for it.</param>
internal readonly record struct ElfSegment(
    uint Type, ulong Offset, ulong Address, ulong FileSize, ulong Alignment, uint Flags, ulong MemorySize = 0)
{
    private const uint PtLoad = 1, PfExecutable = 1, PfWritable = 2;

    internal bool IsLoaded => Type == PtLoad;

    internal bool IsWritable => IsLoaded && (Flags & PfWritable) != 0;

    internal bool IsCode => IsLoaded && (Flags & PfExecutable) != 0;

    /// <summary>Whether bytes of the file stand at an address.</summary>
    internal bool Holds(ulong address) => address >= Address && address - Address < FileSize;
}
