namespace Provenance.Runtime.Host;

/// <summary>Arm processors by the implementer and part number that the kernel shows.</summary>
/// <remarks>
/// Source: archspec-json, cpu/microarchitectures.json at 90b453f (Apache-2.0 or MIT; copyright of the archspec contributors): fields
/// <c>cpupart</c> and <c>conversions.arm_vendors</c>.
/// </remarks>
internal static class Arm64Processors
{
    private static readonly Dictionary<(int Implementer, int Part), string> Names = new()
    {
        [(0x41, 0xd08)] = "cortex_a72",
        [(0x41, 0xd0c)] = "neoverse_n1",
        [(0x41, 0xd40)] = "neoverse_v1",
        [(0x41, 0xd49)] = "neoverse_n2",
        [(0x41, 0xd4f)] = "neoverse_v2",
        [(0x41, 0xd83)] = "neoverse_v3ae",
        [(0x43, 0x0af)] = "thunderx2",
        [(0x46, 0x001)] = "a64fx",
        [(0x61, 0x022)] = "m1",
        [(0x61, 0x032)] = "m2",
        [(0xc0, 0xac3)] = "ampere1",
        [(0xc0, 0xac4)] = "ampere1a",
    };

    internal static string VendorOf(int implementer) => implementer switch
    {
        0x41 => "ARM",
        0x42 => "Broadcom",
        0x43 => "Cavium",
        0x46 => "Fujitsu",
        0x48 => "HiSilicon",
        0x4e => "Nvidia",
        0x50 => "APM",
        0x51 => "Qualcomm",
        0x53 => "Samsung",
        0x56 => "Marvell",
        0x61 => "Apple",
        0xc0 => "Ampere",
        _ => $"0x{implementer:x2}",
    };

    /// <summary>The name; for a part nobody has named, that of its architecture version, such as <c>armv8.2a</c>.</summary>
    internal static string NameOf(int implementer, int part, string level)
    {
        if (Names.TryGetValue((implementer, part), out string? name))
            return name;

        return level == "v8.0" ? "aarch64" : $"arm{level}a";
    }
}
