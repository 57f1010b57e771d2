using System.Globalization;
using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>What can be told of an NVIDIA GPU by its PCI id and its name, without its driver.</summary>
/// <remarks>Sources: the PCI ID repository (pci.ids, 2026-10), whose entries name the chip; CUDA C++ Programming Guide, "Compute capabilities".</remarks>
public static partial class NvidiaGpu
{
    /// <summary>Device ids of the chips of one architecture, first and last, in ascending order.</summary>
    private static readonly (int First, int Last, Version Capability)[] Chips =
    [
        (0x1340, 0x13bf, new(5, 0)), (0x13c0, 0x147f, new(5, 2)), (0x15f0, 0x15ff, new(6, 0)), (0x1600, 0x167f, new(5, 2)),
        (0x1720, 0x172f, new(6, 0)), (0x1740, 0x17bf, new(5, 0)), (0x17c0, 0x17ff, new(5, 2)), (0x1b00, 0x1d7f, new(6, 1)),
        (0x1d80, 0x1dff, new(7, 0)), (0x1e00, 0x1fff, new(7, 5)), (0x2080, 0x20ff, new(8, 0)), (0x2180, 0x21ff, new(7, 5)),
        (0x2200, 0x227f, new(8, 6)), (0x2300, 0x23ff, new(9, 0)), (0x2400, 0x25ff, new(8, 6)), (0x2600, 0x28ff, new(8, 9)),
        (0x2900, 0x29ff, new(10, 0)), (0x2b80, 0x2dff, new(12, 0)), (0x2e00, 0x2e7f, new(12, 1)), (0x2f00, 0x2f7f, new(12, 0)),
        (0x3180, 0x31ff, new(10, 3)),
    ];

    /// <summary>Compute capability, such as 8.6; null for a GPU of another vendor and for a chip that is not known.</summary>
    public static Version? CapabilityOf(GpuProfile gpu)
    {
        if (!gpu.PciId.StartsWith("10de:", StringComparison.OrdinalIgnoreCase)
            || !int.TryParse(gpu.PciId[5..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int id))
        {
            return null;
        }

        foreach (var (first, last, capability) in Chips)
        {
            if (id >= first && id <= last)
            {
                return capability;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a libcuda that is newer than the kernel's driver works on it: on GPUs for data centres, on none that are sold for games,
    /// and on some for workstations. Null where the name does not tell.
    /// </summary>
    public static bool? TakesNewerLibrary(GpuProfile gpu) =>
        ForGames().IsMatch(gpu.Model) ? false
        : ForWorkstations().IsMatch(gpu.Model) || !ForDataCentres().IsMatch(gpu.Model) ? null
        : true;

    [GeneratedRegex("GeForce|TITAN", RegexOptions.IgnoreCase)]
    private static partial Regex ForGames();

    [GeneratedRegex("RTX|Quadro|GTX", RegexOptions.IgnoreCase)]
    private static partial Regex ForWorkstations();

    // Tesla K80 … T4, A2 to A100, L4 to L40S, H20 to H200, B100 to B300, and the superchips.
    [GeneratedRegex(@"\bTesla\b|\b(?:[KMPVTALHB]|GH|GB)\d{1,3}[A-Z]?\b")]
    private static partial Regex ForDataCentres();
}
