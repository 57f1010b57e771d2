using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Finds out what of a fat binary runs on a GPU.</summary>
/// <remarks>Source: CUDA C++ Programming Guide, "Binary compatibility", "PTX compatibility"; nvcc, "GPU feature list".</remarks>
internal static class GpuCodeFits
{
    /// <summary>Chips of NVIDIA's boards with an Arm CPU: their machine code runs on no other, and no other's on them.</summary>
    private static readonly int[] Embedded = [53, 62, 72, 87, 101, 110];

    /// <param name="images">Of one fat binary.</param>
    /// <param name="capability">Of the GPU.</param>
    /// <param name="newestPtx">That its driver compiles; null when that is not known, and then every version counts.</param>
    internal static GpuCodeFit Of(GpuImages images, Version capability, Version? newestPtx)
    {
        if (images.Cubins.Any(cubin => Runs(cubin, capability)))
        {
            return GpuCodeFit.Runs;
        }

        var fitting = images.Ptx.Where(ptx => IsForOrBelow(ptx.Target, capability)).ToArray();
        bool isKnown = Array.Exists(fitting, ptx => newestPtx is null || !Version.TryParse(ptx.Version, out var version) || version <= newestPtx);
        return fitting.Length == 0 ? GpuCodeFit.None : isKnown ? GpuCodeFit.Runs : GpuCodeFit.PtxTooNew;
    }

    /// <summary>Machine code runs on its own chip and on later ones of its major; one that ends in <c>a</c> on its own alone.</summary>
    private static bool Runs(string cubin, Version capability) => Parse(cubin) is var (architecture, suffix)
        && (architecture == NumberOf(capability)
            || (suffix != 'a' && architecture / 10 == capability.Major && architecture < NumberOf(capability)
                && !Embedded.Contains(architecture) && !Embedded.Contains(NumberOf(capability))));

    /// <summary>One that ends in <c>f</c> is for the chips of its major.</summary>
    private static bool IsForOrBelow(string target, Version capability) => Parse(target) is var (architecture, suffix) && suffix switch
    {
        'a' => architecture == NumberOf(capability),
        'f' => architecture / 10 == capability.Major && architecture <= NumberOf(capability),
        _ => architecture <= NumberOf(capability),
    };

    private static int NumberOf(Version capability) => (capability.Major * 10) + capability.Minor;

    /// <summary><c>sm_90a</c> is 90 and 'a'; without a letter, '\0'. Null for what is no architecture.</summary>
    internal static (int Architecture, char Suffix)? Parse(string name)
    {
        int at = name.IndexOf('_', StringComparison.Ordinal) + 1;
        char last = name.Length > at && char.IsAsciiLetterLower(name[^1]) ? name[^1] : '\0';
        int end = last == '\0' ? name.Length : name.Length - 1;
        return at > 0 && int.TryParse(name.AsSpan()[at..end], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? (number, last)
            : null;
    }
}
