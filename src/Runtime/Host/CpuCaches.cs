using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>The caches of one core, from the inside out.</summary>
internal static class CpuCaches
{
    private const uint IntelLeaf = 4;
    private const uint AmdLeaf = 0x8000001d;

    /// <summary>No processor has more caches than this.</summary>
    private const uint MostCaches = 16;

    /// <summary>Source: Intel SDM volume 2, CPUID leaf 4; AMD APM volume 3, Fn8000_001D, which has the same layout.</summary>
    internal static IReadOnlyList<CpuCache> FromCpuid(CpuidSource cpuid, string vendor)
    {
        bool amd = vendor is "AuthenticAMD" or "HygonGenuine";
        uint leaf = amd ? AmdLeaf : IntelLeaf;
        if (leaf > cpuid(amd ? 0x80000000 : 0, 0).Eax)
            return [];

        var caches = new List<CpuCache>();
        for (uint i = 0; i < MostCaches && cpuid(leaf, i) is var r && TypeOf(r.Eax & 0x1f) is { } type; i++)
        {
            long ways = (r.Ebx >> 22) + 1, partitions = (r.Ebx >> 12 & 0x3ff) + 1, line = (r.Ebx & 0xfff) + 1;
            caches.Add(new()
            {
                Level = (int)(r.Eax >> 5 & 7),
                Type = type,
                SizeBytes = ways * partitions * line * (r.Ecx + 1L),
            });
        }

        return caches;
    }

    /// <summary>As the kernel shows those of the first processor.</summary>
    internal static IReadOnlyList<CpuCache> FromSysfs(MachineFiles files)
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cache";
        var caches = new List<CpuCache>();
        foreach (string index in files.List(Folder).Where(n => n.StartsWith("index", StringComparison.Ordinal)))
        {
            string? type = files.ReadText($"{Folder}/{index}/type")?.ToLowerInvariant();
            long? level = files.ReadNumber($"{Folder}/{index}/level");
            long? size = SizeOf(files.ReadText($"{Folder}/{index}/size"));
            if (type is not null && level is not null && size is not null)
                caches.Add(new() { Level = (int)level, Type = type, SizeBytes = size.Value });
        }

        return caches;
    }

    private static string? TypeOf(uint type) => type switch
    {
        1 => "data",
        2 => "instruction",
        3 => "unified",
        _ => null,
    };

    /// <summary>Such as <c>32K</c> or <c>1M</c>.</summary>
    private static long? SizeOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        long unit = text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1 };
        return long.TryParse(text.TrimEnd('K', 'M', 'G'), out long count) ? count * unit : null;
    }
}
