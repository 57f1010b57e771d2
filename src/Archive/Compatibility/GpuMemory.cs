using System.Globalization;
using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>How much memory a GPU has: by its kernel driver, else by what its maker calls it.</summary>
internal static partial class GpuMemory
{
    /// <summary>A driver keeps a little for itself, and names are round.</summary>
    private const double Negligible = 0.05;

    /// <summary>In bytes; null when it is not known.</summary>
    internal static long? Of(GpuProfile gpu) => gpu.MemoryBytes
        ?? (Named().Match(gpu.Model) is { Success: true } named
            && long.TryParse(named.Groups["gigabytes"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long gigabytes)
            ? gigabytes << 30
            : null);

    /// <summary>False when that of either is not known.</summary>
    internal static bool IsLess(GpuProfile? one, GpuProfile? other) =>
        one is not null && other is not null && Of(one) is { } less && Of(other) is { } more && less < more * (1 - Negligible);

    internal static string Text(GpuProfile gpu) => $"{Of(gpu) >> 20} MiB";

    /// <summary>As in <c>NVIDIA A100-SXM4-80GB</c> and <c>NVIDIA H100 80GB HBM3</c>.</summary>
    [GeneratedRegex(@"(?<![0-9.])(?<gigabytes>[0-9]{1,4}) ?GB\b")]
    private static partial Regex Named();
}
