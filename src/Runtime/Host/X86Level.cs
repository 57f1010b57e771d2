using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>Microarchitecture levels of the x86-64 psABI.</summary>
/// <remarks>What each has stands in <see cref="Levels"/>.</remarks>
internal static class X86Level
{
    // What every x86-64 processor has, of the features that code is generated for.
    private static readonly string[] V1 = ["mmx", "sse", "sse2"];

    /// <summary>A processor with no more than a level has, of the features that code is generated or chosen for.</summary>
    /// <param name="cpu">Of which the rest is taken.</param>
    /// <param name="level"><c>v1</c> to <c>v4</c>.</param>
    internal static CpuProfile Limit(CpuProfile cpu, string level)
    {
        string[] allowed = [.. V1, .. level is "v1" ? [] : Levels.V2, .. level is "v3" or "v4" ? Levels.V3 : [], .. level is "v4" ? Levels.V4 : []];
        return cpu with
        {
            Level = level,
            Microarchitecture = null,
            Features = [.. cpu.Features.Where(name => !CodeFeatures.IsForCodeOfX86(name)).Union(allowed).Order(StringComparer.Ordinal)],
            Cpuid = null,
        };
    }

    /// <summary><c>v1</c> to <c>v4</c>: the highest whose features are all usable.</summary>
    internal static string Of(IReadOnlySet<string> usable)
    {
        if (!Levels.V2.All(usable.Contains))
            return "v1";

        if (!Levels.V3.All(usable.Contains))
            return "v2";

        return Levels.V4.All(usable.Contains) ? "v4" : "v3";
    }
}
