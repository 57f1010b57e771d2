namespace Provenance.Archive.Compatibility;

/// <summary>What an image says of the driver it needs, in NVIDIA_REQUIRE_*: words any of which suffices, each of conditions that must all hold.</summary>
/// <remarks>
/// Source: libnvidia-container and the NVIDIA Container Toolkit: <c>cuda>=12.2 brand=tesla,driver>=470,driver&lt;471</c>. A condition
/// on the brand or the architecture of the GPU is not judged: that takes the driver's own library.
/// </remarks>
internal static class NvidiaRequirement
{
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
        var have = name switch { "driver" => driver, "cuda" => CudaReleases.CudaOf(driver), _ => null };
        if (have is null || Parse(condition[(at + sign.Length)..]) is not { } wanted)
        {
            return null;
        }

        int order = Compare(have, wanted);
        if (name == "cuda" && order < 0 && CudaReleases.IsNewer(driver))
        {
            return null;
        }

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
