using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>GPUs by PCI, and what their kernel drivers say of them. No vendor's library is loaded.</summary>
internal static class GpuProbe
{
    private const string Devices = "/sys/bus/pci/devices";

    internal static IReadOnlyList<GpuProfile> Read(MachineFiles files)
    {
        var gpus = new List<GpuProfile>();
        foreach (string address in files.List(Devices))
        {
            if (IsGpuClass(files.ReadText($"{Devices}/{address}/class"))
                && VendorOf(files.ReadText($"{Devices}/{address}/vendor")) is { } vendor)
                gpus.Add(ReadOne(files, address, vendor));
        }

        return gpus;
    }

    private static GpuProfile ReadOne(MachineFiles files, string address, string vendor)
    {
        string pciId = $"{Hex(files, address, "vendor")}:{Hex(files, address, "device")}";
        return new()
        {
            Vendor = vendor,
            Model = ReadModel(files, address, vendor) ?? pciId,
            PciAddress = address,
            PciId = pciId,
            DriverVersion = ReadDriverVersion(files, address),
            // Source: Linux, drivers/gpu/drm/amd/amdgpu/amdgpu_vram_mgr.c.
            MemoryBytes = files.ReadNumber($"{Devices}/{address}/mem_info_vram_total"),
        };
    }

    /// <summary>Source: PCI Code and ID Assignment: VGA 0300, 3D 0302, display 0380, processing accelerator 1200.</summary>
    private static bool IsGpuClass(string? text) =>
        text is ['0', 'x', .. { Length: >= 4 } digits] && digits[..4] is "0300" or "0302" or "0380" or "1200";

    /// <summary>Null for the display chips of boards and virtual machines, which compute nothing.</summary>
    private static string? VendorOf(string? id) => id switch
    {
        "0x10de" => "nvidia",
        "0x1002" => "amd",
        "0x8086" => "intel",
        _ => null,
    };

    private static string? ReadModel(MachineFiles files, string address, string vendor)
    {
        string? model = vendor == "nvidia"
            ? FieldOf(files.ReadText($"/proc/driver/nvidia/gpus/{address}/information"), "Model:")
            : files.ReadText($"{Devices}/{address}/product_name");
        return string.IsNullOrEmpty(model) ? null : model;
    }

    /// <summary>Drivers built into the kernel have no version but the kernel's, and that is in the record already.</summary>
    private static string? ReadDriverVersion(MachineFiles files, string address)
    {
        string? driver = files.LinkName($"{Devices}/{address}/driver");
        return driver is null ? null : files.ReadText($"/sys/module/{driver}/version");
    }

    private static string? FieldOf(string? text, string label) => (text ?? "").Split('\n')
        .Where(line => line.StartsWith(label, StringComparison.Ordinal))
        .Select(line => line[label.Length..].Trim())
        .FirstOrDefault();

    private static string Hex(MachineFiles files, string address, string name) =>
        (files.ReadText($"{Devices}/{address}/{name}") ?? "0x0000")[2..];
}
