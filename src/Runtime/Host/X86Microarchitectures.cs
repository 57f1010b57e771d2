namespace Provenance.Runtime.Host;

/// <summary>Names of x86-64 microarchitectures, as archspec, and with it Spack, EESSI and EasyBuild, spell them.</summary>
/// <remarks>
/// Source: archspec-json, cpu/microarchitectures.json at 90b453f (Apache-2.0 or MIT; copyright of the archspec contributors), reduced
/// to names, vendors, parents and the features that each adds. archspec decides by features alone, so that one flag hidden by a
/// kernel or a hypervisor turns a Haswell into a Nehalem; here family and model decide, and features only where those are unknown.
/// </remarks>
internal static class X86Microarchitectures
{
    private const string Intel = "GenuineIntel";
    private const string Amd = "AuthenticAMD";

    private static readonly Dictionary<string, X86Microarchitecture> Table = new X86Microarchitecture[]
    {
        new("x86_64", "generic", [], ""),
        new("x86_64_v2", "generic", ["x86_64"], "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3"),
        new("x86_64_v3", "generic", ["x86_64_v2"], "abm avx avx2 bmi1 bmi2 f16c fma movbe xsave"),
        new("x86_64_v4", "generic", ["x86_64_v3"], "avx512bw avx512cd avx512dq avx512f avx512vl"),
        new("nocona", Intel, ["x86_64"], "pni"),
        new("core2", Intel, ["nocona"], "ssse3"),
        new("nehalem", Intel, ["core2", "x86_64_v2"], ""),
        new("westmere", Intel, ["nehalem"], "aes pclmulqdq"),
        new("sandybridge", Intel, ["westmere"], "avx"),
        new("ivybridge", Intel, ["sandybridge"], "f16c rdrand"),
        new("haswell", Intel, ["ivybridge", "x86_64_v3"], ""),
        new("broadwell", Intel, ["haswell"], "adx rdseed"),
        new("skylake", Intel, ["broadwell"], "clflushopt xsavec xsaveopt"),
        new("mic_knl", Intel, ["broadwell"], "avx512cd avx512er avx512f avx512pf"),
        new("skylake_avx512", Intel, ["skylake", "x86_64_v4"], "clwb"),
        new("cannonlake", Intel, ["skylake", "x86_64_v4"], "avx512ifma avx512vbmi sha_ni"),
        new("cascadelake", Intel, ["skylake_avx512"], "avx512_vnni"),
        new("icelake", Intel, ["cascadelake", "cannonlake"],
            "avx512_bitalg avx512_vbmi2 avx512_vpopcntdq gfni rdpid vaes vpclmulqdq"),
        new("sapphirerapids", Intel, ["icelake"],
            "amx_bf16 amx_int8 amx_tile avx512_bf16 cldemote movdir64b movdiri serialize waitpkg"),
        new("alderlake", Intel, ["skylake"],
            "avx_vnni clwb gfni movdir64b movdiri rdpid serialize sha_ni vaes vpclmulqdq waitpkg"),
        new("arrowlake", Intel, ["alderlake"], "avx_ifma avx_ne_convert avx_vnni_int8 cmpccxadd"),
        new("arrowlake_s", Intel, ["arrowlake"], "avx_vnni_int16 sha512 sm3 sm4"),
        new("k10", Amd, ["x86_64"], "3dnow 3dnowext abm cx16 sse4a"),
        new("bulldozer", Amd, ["x86_64_v2"], "abm aes avx fma4 pclmulqdq sse4a xop xsave"),
        new("piledriver", Amd, ["bulldozer"], "bmi1 f16c fma tbm"),
        new("steamroller", Amd, ["piledriver"], "fsgsbase"),
        new("excavator", Amd, ["steamroller", "x86_64_v3"], ""),
        new("zen", Amd, ["x86_64_v3"], "aes clflushopt clzero fsgsbase pclmulqdq rdseed sse4a xsavec xsaveopt"),
        new("zen2", Amd, ["zen"], "clwb"),
        new("zen3", Amd, ["zen2"], "pku vaes vpclmulqdq"),
        new("zen4", Amd, ["zen3", "x86_64_v4"],
            "avx512_bf16 avx512_bitalg avx512_vbmi2 avx512_vnni avx512_vpopcntdq avx512ifma avx512vbmi flush_l1d gfni"),
        new("zen5", Amd, ["zen4"], "avx512_vp2intersect avx_vnni movdir64b movdiri tsc_adjust"),
    }.ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The name; for a processor nobody has named, that of its level, <c>v1</c> to <c>v4</c>.</summary>
    internal static string Find(X86Identity cpu, string level, IReadOnlySet<string> usable)
    {
        string? known = cpu.Vendor switch
        {
            Intel => IntelName(cpu.Family, cpu.Model, cpu.Stepping),
            Amd => AmdName(cpu.Family, cpu.Model),
            _ => null,
        };
        return known is null ? ByFeatures(cpu.Vendor, level, usable) : WithinLevel(known, level);
    }

    /// <summary>A model whose level has been switched off is named after the ancestor that has no more than is left.</summary>
    private static string WithinLevel(string name, string level)
    {
        while (string.CompareOrdinal(LevelOf(name), level) > 0 && Table[name].Parents.Count > 0)
            name = Table[name].Parents[0];

        return name;
    }

    /// <summary>archspec's rule: the longest line of descent within the level whose features are all there.</summary>
    private static string ByFeatures(string vendor, string level, IReadOnlySet<string> usable)
    {
        string generic = level == "v1" ? "x86_64" : "x86_64_" + level;
        return Table.Values
            .Where(m => m.Vendor == vendor && LevelOf(m.Name) == level)
            .Select(m => (m.Name, Line: Line(m.Name).ToHashSet()))
            .Where(m => m.Line.All(ancestor => Table[ancestor].Added.All(usable.Contains)))
            .OrderByDescending(m => m.Line.Count)
            .Select(m => m.Name)
            .FirstOrDefault(generic);
    }

    private static string LevelOf(string name)
    {
        string highest = Line(name).Where(a => Table[a].Vendor == "generic").Max(StringComparer.Ordinal) ?? "x86_64";
        return highest == "x86_64" ? "v1" : highest["x86_64_".Length..];
    }

    /// <summary>A name and all it descends from.</summary>
    private static IEnumerable<string> Line(string name) => Table[name].Parents.SelectMany(Line).Prepend(name);

    /// <summary>Source: Linux, arch/x86/include/asm/intel-family.h. Later models take the nearest name that archspec has.</summary>
    private static string? IntelName(int family, int model, int stepping) => (family, model) switch
    {
        (6, 0x0f or 0x16 or 0x17 or 0x1d) => "core2",
        (6, 0x1a or 0x1e or 0x1f or 0x2e) => "nehalem",
        (6, 0x25 or 0x2c or 0x2f) => "westmere",
        (6, 0x2a or 0x2d) => "sandybridge",
        (6, 0x3a or 0x3e) => "ivybridge",
        (6, 0x3c or 0x3f or 0x45 or 0x46) => "haswell",
        (6, 0x3d or 0x47 or 0x4f or 0x56) => "broadwell",
        (6, 0x4e or 0x5e or 0x8e or 0x9e or 0xa5 or 0xa6) => "skylake",
        (6, 0x55) => stepping < 5 ? "skylake_avx512" : "cascadelake",
        (6, 0x57 or 0x85) => "mic_knl",
        (6, 0x66) => "cannonlake",
        (6, 0x6a or 0x6c or 0x7d or 0x7e or 0x9d or 0x8c or 0x8d or 0xa7) => "icelake",
        (6, 0x8f or 0xcf or 0xad or 0xae) => "sapphirerapids",
        (6, 0x97 or 0x9a or 0xb7 or 0xba or 0xbf or 0xaa or 0xac) => "alderlake",
        (6, 0xb5 or 0xc5) => "arrowlake",
        (6, 0xc6 or 0xbd) => "arrowlake_s",
        _ => null,
    };

    /// <summary>Source: AMD's revision guides of the families, and Linux, arch/x86/kernel/cpu/amd.c.</summary>
    private static string? AmdName(int family, int model) => (family, model) switch
    {
        (0x10, _) => "k10",
        (0x15, < 0x02) => "bulldozer",
        (0x15, < 0x30) => "piledriver",
        (0x15, < 0x60) => "steamroller",
        (0x15, _) => "excavator",
        (0x17, < 0x30) => "zen",
        (0x17, _) => "zen2",
        (0x19, (>= 0x10 and < 0x20) or (>= 0x60 and < 0xb0)) => "zen4",
        (0x19, _) => "zen3",
        (0x1a, < 0x50 or (>= 0x60 and < 0x80)) => "zen5",
        _ => null,
    };
}
