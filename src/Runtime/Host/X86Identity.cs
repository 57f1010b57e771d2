using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Host;

/// <summary>Who made the processor, and which one it is, as CPUID says.</summary>
internal sealed record X86Identity
{
    /// <summary>Such as <c>GenuineIntel</c>.</summary>
    internal required string Vendor { get; init; }

    /// <summary>Empty when the processor does not name itself.</summary>
    internal required string Brand { get; init; }

    internal required int Family { get; init; }

    internal required int Model { get; init; }

    internal required int Stepping { get; init; }

    /// <summary>As the hypervisor names itself; null without one.</summary>
    internal string? Hypervisor { get; init; }

    internal static X86Identity Read(CpuidSource cpuid)
    {
        var first = cpuid(0, 0);
        var one = cpuid(1, 0);
        var (family, model) = FamilyAndModel(one.Eax);
        return new()
        {
            Vendor = Text(first.Ebx, first.Edx, first.Ecx),
            Brand = ReadBrand(cpuid),
            Family = family,
            Model = model,
            Stepping = (int)(one.Eax & 0xf),
            Hypervisor = (one.Ecx >> 31) == 0 ? null : ReadHypervisor(cpuid),
        };
    }

    /// <summary>Source: Intel SDM volume 2, CPUID, "Extended Family, Extended Model". AMD counts the same way.</summary>
    private static (int Family, int Model) FamilyAndModel(uint signature)
    {
        int family = (int)(signature >> 8 & 0xf), model = (int)(signature >> 4 & 0xf);
        if (family is 6 or 15)
            model |= (int)(signature >> 16 & 0xf) << 4;

        return (family == 15 ? family + (int)(signature >> 20 & 0xff) : family, model);
    }

    private static string ReadBrand(CpuidSource cpuid)
    {
        if (cpuid(0x80000000, 0).Eax < 0x80000004)
            return "";

        var parts = new List<uint>();
        for (uint leaf = 0x80000002; leaf <= 0x80000004; leaf++)
        {
            var r = cpuid(leaf, 0);
            parts.AddRange([r.Eax, r.Ebx, r.Ecx, r.Edx]);
        }

        return Text([.. parts]);
    }

    /// <summary>Null when the hypervisor keeps its name to itself.</summary>
    private static string? ReadHypervisor(CpuidSource cpuid)
    {
        var r = cpuid(0x40000000, 0);
        string name = Text(r.Ebx, r.Ecx, r.Edx);
        return name.Length == 0 ? null : name;
    }

    private static string Text(params ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * sizeof(uint))..], words[i]);

        return string.Join(' ', Encoding.ASCII.GetString(bytes)
            .Split([' ', '\0'], StringSplitOptions.RemoveEmptyEntries));
    }
}
