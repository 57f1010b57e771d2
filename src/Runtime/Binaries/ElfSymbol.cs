namespace Provenance.Runtime.Binaries;

/// <summary>One symbol. Source: System V ABI chapter 4, "Symbol Table"; elf.h, STT_* and STB_*.</summary>
/// <param name="Name">Without its version.</param>
/// <param name="Info">Binding and type.</param>
/// <param name="Section">0 for a symbol that another object must define.</param>
/// <param name="Address">Of a function its first instruction.</param>
/// <param name="Size">In bytes; 0 where nobody said.</param>
internal readonly record struct ElfSymbol(string Name, byte Info, ushort Section, ulong Address, ulong Size)
{
    private const int SttObject = 1, SttFunction = 2, SttIndirectFunction = 10, StbWeak = 2;

    internal bool IsDefined => Section != 0;

    internal bool IsObject => (Info & 15) == SttObject;

    internal bool IsFunction => (Info & 15) == SttFunction;

    /// <summary>Its address is a resolver, which returns the function that fits the processor.</summary>
    internal bool IsIndirect => (Info & 15) == SttIndirectFunction;

    internal bool IsWeak => Info >> 4 == StbWeak;
}
