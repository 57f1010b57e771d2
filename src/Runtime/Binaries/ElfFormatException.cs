namespace Provenance.Runtime.Binaries;

/// <summary>A file is no ELF file, or a broken one.</summary>
public sealed class ElfFormatException(string reason) : RuntimeException($"elf file: {reason}")
{
    public string Reason { get; } = reason;
}
