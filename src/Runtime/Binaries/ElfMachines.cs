namespace Provenance.Runtime.Binaries;

/// <summary>Numbers of e_machine. Source: elf.h, EM_*.</summary>
internal static class ElfMachines
{
    internal const int Amd64 = 62, Arm64 = 183;

    internal static string OciName(int machine, int bits, bool littleEndian) => (machine, bits) switch
    {
        (3, _) => "386",
        (8, 32) => littleEndian ? "mipsle" : "mips",
        (8, 64) => littleEndian ? "mips64le" : "mips64",
        (21, _) => littleEndian ? "ppc64le" : "ppc64",
        (22, 64) => "s390x",
        (40, _) => "arm",
        (Amd64, 64) => "amd64",
        (62, _) => "x32",
        (Arm64, _) => "arm64",
        (243, 64) => "riscv64",
        (258, 64) => "loong64",
        _ => $"elf-machine-{machine}",
    };
}
