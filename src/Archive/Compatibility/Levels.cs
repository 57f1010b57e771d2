namespace Provenance.Archive.Compatibility;

/// <summary>The x86-64 psABI levels, and Arm's versions of the architecture, in words that a person can buy or ask for.</summary>
/// <remarks>Source: x86-64 psABI 1.0, table 3.1. OSXSAVE is part of v3 and is implied here: a usable AVX has it.</remarks>
internal static class Levels
{
    /// <summary>What v2 has and v1 has not, and so on.</summary>
    internal static readonly string[] V2 = ["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"];
    internal static readonly string[] V3 = ["abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"];
    internal static readonly string[] V4 = ["avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"];

    /// <summary>The machines that are known to have what is missing here, in as few words as there are.</summary>
    /// <param name="q">With this machine and the recorded ones.</param>
    /// <param name="missing">Features.</param>
    internal static string Wanted(Question q, IReadOnlyCollection<string> missing)
    {
        string[] beyond = [.. missing.Except(V2).Except(V3).Except(V4)];
        string level = LowestWith(missing.Except(beyond));
        return q.Here.Cpu.Architecture != "amd64" || string.CompareOrdinal(level, q.Here.Cpu.Level) <= 0 ? $"a host that has {Question.Join(missing)}"
            : beyond.Length == 0 ? Machines(level)
            : $"{Machines(level)} with {Question.Join(beyond)}";
    }

    internal static string Machines(string level) => level switch
    {
        "v4" => "any x86-64-v4 host (Intel Skylake-SP 2017, AMD Zen 4 2022, or newer servers)",
        "v3" => "any x86-64-v3 host (Intel Haswell 2013, AMD Zen 2017, or newer)",
        "v2" => "any x86-64-v2 host (Intel Nehalem 2008, AMD Bulldozer 2011, or newer)",
        _ when level.StartsWith("v8", StringComparison.Ordinal) || level.StartsWith("v9", StringComparison.Ordinal) => $"any host with Arm{level} or newer",
        _ => "any x86-64 host",
    };

    private static string LowestWith(IEnumerable<string> features)
    {
        string[] asked = [.. features];
        return Array.Exists(asked, V4.Contains) ? "v4" : Array.Exists(asked, V3.Contains) ? "v3" : asked.Length > 0 ? "v2" : "v1";
    }
}
