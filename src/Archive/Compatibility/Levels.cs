namespace Provenance.Archive.Compatibility;

/// <summary>The x86-64 psABI levels, and Arm's versions of the architecture, in words that a person can buy or ask for.</summary>
internal static class Levels
{
    internal static string Machines(string level) => level switch
    {
        "v4" => "any x86-64-v4 host (Intel Skylake-SP 2017, AMD Zen 4 2022, or newer servers)",
        "v3" => "any x86-64-v3 host (Intel Haswell 2013, AMD Zen 2017, or newer)",
        "v2" => "any x86-64-v2 host (Intel Nehalem 2008, AMD Bulldozer 2011, or newer)",
        _ when level.StartsWith("v8", StringComparison.Ordinal) || level.StartsWith("v9", StringComparison.Ordinal) => $"any host with Arm{level} or newer",
        _ => "any x86-64 host",
    };
}
