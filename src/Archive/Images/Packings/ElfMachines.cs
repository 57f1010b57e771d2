namespace Provenance.Archive.Images.Packings;

/// <summary>What architecture programs are for, in OCI's words. Source: System V gABI, "ELF Header", and GOARCH.</summary>
internal static class ElfMachines
{
    /// <returns>Null for a machine we have no name for.</returns>
    public static string? Architecture(ushort machine) => machine switch
    {
        3 => "386",
        21 => "ppc64le",
        22 => "s390x",
        40 => "arm",
        62 => "amd64",
        183 => "arm64",
        243 => "riscv64",
        258 => "loong64",
        _ => null,
    };
}
