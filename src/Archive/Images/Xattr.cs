namespace Provenance.Archive.Images;

/// <summary>One extended attribute of a file in an image.</summary>
public sealed record Xattr(string Name, ReadOnlyMemory<byte> Value)
{
    private const string Capability = "security.capability";
    private const string UserPrefix = "user.";

    /// <summary>Attributes of the overlay file system and of container tools: they tell of one unpacking.</summary>
    private static readonly string[] OfOneUnpacking = ["user.overlay.", "user.fuseoverlayfs.", "user.containers.", "user.rootlesscontainers", "user.umoci."];

    /// <summary>Whether the attribute describes the file, rather than the machine or the tool that packed it.</summary>
    /// <remarks>
    /// Kept: <c>security.capability</c>, which decides what a program may do, and <c>user.*</c>, which people set.
    /// Left out: labels of the host's policy (<c>security.selinux</c>, <c>security.ima</c>), access lists naming the host's users
    /// (<c>system.posix_acl_*</c>), and the marks of overlay file systems and container tools.
    /// </remarks>
    public static bool BelongsToImage(string name) =>
        name == Capability
        || (name.StartsWith(UserPrefix, StringComparison.Ordinal)
            && !OfOneUnpacking.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
}
