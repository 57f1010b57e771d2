namespace Provenance.Runtime.Injection;

/// <summary>What an image says of the driver it needs, in NVIDIA_REQUIRE_*: words any of which suffices, each of conditions that must all hold.</summary>
/// <remarks>
/// Source: libnvidia-container and the NVIDIA Container Toolkit: <c>cuda>=12.2 brand=tesla,driver>=470,driver&lt;471</c>. A condition
/// on the brand or the architecture of the GPU is not judged: that takes the driver's own library.
/// </remarks>
internal static class NvidiaRequirement
{
    // CUDA Toolkit release notes, "CUDA driver version": the driver branch with which each version came.
    private static readonly (int Driver, Version Cuda)[] CudaByDriver =
    [
        (590, new(13, 1)), (580, new(13, 0)), (575, new(12, 9)), (570, new(12, 8)), (565, new(12, 7)), (560, new(12, 6)), (555, new(12, 5)),
        (550, new(12, 4)), (545, new(12, 3)), (535, new(12, 2)), (530, new(12, 1)), (525, new(12, 0)), (520, new(11, 8)), (515, new(11, 7)),
        (510, new(11, 6)), (495, new(11, 5)), (470, new(11, 4)), (465, new(11, 3)), (460, new(11, 2)), (455, new(11, 1)), (450, new(11, 0)),
        (440, new(10, 2)), (418, new(10, 1)), (410, new(10, 0)), (396, new(9, 2)), (390, new(9, 1)), (384, new(9, 0)), (375, new(8, 0)),
    ];

    /// <summary>The newest CUDA that a driver's own library speaks; null for a driver older than all that is known.</summary>
    public static Version? CudaOf(Version driver)
    {
        foreach (var (branch, cuda) in CudaByDriver)
        {
            if (driver.Major >= branch)
            {
                return cuda;
            }
        }

        return null;
    }

    /// <summary>True, false, or null when it hangs on what is not known.</summary>
    public static bool? Holds(string requirement, Version driver)
    {
        bool isOpen = false;
        string[] words = requirement.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (string word in words)
        {
            switch (AllHold(word, driver))
            {
                case true:
                    return true;
                case null:
                    isOpen = true;
                    break;
            }
        }

        return words.Length == 0 ? true : isOpen ? null : false;
    }

    private static bool? AllHold(string word, Version driver)
    {
        bool isOpen = false;
        foreach (string condition in word.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (ConditionHolds(condition, driver))
            {
                case false:
                    return false;
                case null:
                    isOpen = true;
                    break;
            }
        }

        return isOpen ? null : true;
    }

    private static bool? ConditionHolds(string condition, Version driver)
    {
        int at = condition.AsSpan().IndexOfAny("<>=!");
        if (at <= 0)
        {
            return null;
        }

        string name = condition[..at];
        string sign = condition[at..(at + (at + 1 < condition.Length && condition[at + 1] == '=' ? 2 : 1))];
        var have = name switch { "driver" => driver, "cuda" => CudaOf(driver), _ => null };
        if (have is null || Parse(condition[(at + sign.Length)..]) is not { } wanted)
        {
            return null;
        }

        int order = Compare(have, wanted);
        return sign switch
        {
            "=" or "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => null,
        };
    }

    private static Version? Parse(string text) =>
        Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var version) ? version : null;

    /// <summary>A part that is not given counts as 0.</summary>
    private static int Compare(Version one, Version other) => Full(one).CompareTo(Full(other));

    private static Version Full(Version version) => new(version.Major, version.Minor, Math.Max(0, version.Build), Math.Max(0, version.Revision));
}
