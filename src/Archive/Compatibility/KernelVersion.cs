namespace Provenance.Archive.Compatibility;

/// <summary>The numbers that <c>uname -r</c> begins with; what a distribution adds to them has no order.</summary>
internal static class KernelVersion
{
    /// <summary>Major and minor of <c>6.1.0-18-amd64</c>; 0.0 for what is no version.</summary>
    /// <remarks>The third number counts repairs, which bring no system calls.</remarks>
    internal static Version Parse(string release)
    {
        string[] parts = release.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], out int major) && int.TryParse(parts[1], out int minor)
            && major >= 0 && minor >= 0
            ? new(major, minor)
            : new(0, 0);
    }
}
