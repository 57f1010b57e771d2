namespace Provenance.Archive.Compatibility;

/// <summary>Which driver came with which CUDA, and which PTX that speaks.</summary>
/// <remarks>Sources: CUDA Toolkit release notes, "CUDA driver version"; PTX ISA, "Release notes"; docs.nvidia.com/deploy/cuda-compatibility.</remarks>
public static class CudaReleases
{
    /// <summary>The newest first; PTX is null where it is not known which one that driver speaks.</summary>
    private static readonly (int Branch, Version Cuda, Version? Ptx)[] All =
    [
        (615, new(13, 4), null), (595, new(13, 2), null),
        (590, new(13, 1), new(9, 1)), (580, new(13, 0), new(9, 0)), (575, new(12, 9), new(8, 8)), (570, new(12, 8), new(8, 7)),
        (565, new(12, 7), new(8, 6)), (560, new(12, 6), new(8, 5)), (555, new(12, 5), new(8, 5)), (550, new(12, 4), new(8, 4)),
        (545, new(12, 3), new(8, 3)), (535, new(12, 2), new(8, 2)), (530, new(12, 1), new(8, 1)), (525, new(12, 0), new(8, 0)),
        (520, new(11, 8), new(7, 8)), (515, new(11, 7), new(7, 7)), (510, new(11, 6), new(7, 6)), (495, new(11, 5), new(7, 5)),
        (470, new(11, 4), new(7, 4)), (465, new(11, 3), new(7, 3)), (460, new(11, 2), new(7, 2)), (455, new(11, 1), new(7, 1)),
        (450, new(11, 0), new(7, 0)), (440, new(10, 2), new(6, 5)), (418, new(10, 1), new(6, 4)), (410, new(10, 0), new(6, 3)),
        (396, new(9, 2), new(6, 2)), (390, new(9, 1), new(6, 1)), (384, new(9, 0), new(6, 0)), (375, new(8, 0), new(5, 0)),
    ];

    // "Minor version compatibility": within a major, programs run on the driver of its first release. Before 11 there was none.
    private static readonly Dictionary<int, int> OldestBranch = new() { [11] = 450, [12] = 525, [13] = 580 };

    /// <summary>The newest CUDA that a driver speaks; null for a driver older than all that is known.</summary>
    public static Version? CudaOf(Version driver) => Of(driver)?.Cuda;

    /// <summary>Whether a driver is newer than all that is known: it may speak more than <see cref="CudaOf"/> says.</summary>
    public static bool IsNewer(Version driver) => driver.Major > All[0].Branch;

    /// <summary>The newest PTX that a driver compiles; null where that is not known.</summary>
    public static Version? PtxOf(Version driver) => Of(driver)?.Ptx;

    /// <summary>The driver branch from which programs built with a CUDA start; null where that is not known.</summary>
    public static int? OldestDriver(Version cuda) => OldestBranch.TryGetValue(cuda.Major, out int branch) ? branch : null;

    /// <summary>The first driver branch that compiles a PTX; null for one that is newer than all that is known.</summary>
    public static int? FirstDriver(Version ptx)
    {
        int? first = null;
        foreach (var release in All.Where(release => release.Ptx is not null).TakeWhile(release => release.Ptx >= ptx))
        {
            first = release.Branch;
        }

        return first;
    }

    private static (int Branch, Version Cuda, Version? Ptx)? Of(Version driver)
    {
        foreach (var release in All)
        {
            if (driver.Major >= release.Branch)
            {
                return release;
            }
        }

        return null;
    }
}
