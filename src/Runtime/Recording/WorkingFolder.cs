namespace Provenance.Runtime.Recording;

/// <summary>Whether the caller's working folder may be shown in the container at its own path.</summary>
public static class WorkingFolder
{
    /// <summary>With these, and all below them, the container would have the host's devices and kernel for its own.</summary>
    private static readonly string[] KernelFolders = ["/proc", "/sys", "/dev"];

    /// <summary>These hold the image's own programs and settings, which the host's would hide.</summary>
    private static readonly string[] SystemFolders =
    [
        "/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/run", "/sbin", "/usr", "/usr/bin", "/usr/lib",
        "/usr/lib64", "/usr/libexec", "/usr/local", "/usr/sbin", "/usr/share", "/var", "/var/lib",
    ];

    /// <summary>Null when it may; else the reason, such as <c>it would hide the image's own files</c>.</summary>
    /// <param name="path">Absolute and normal: no link, no dot.</param>
    public static string? ReasonNotToMount(string path)
    {
        if (path == "/" || SystemFolders.Contains(path))
        {
            return "it would hide the image's own files";
        }

        return KernelFolders.Any(folder => ContainerPath.IsAtOrBelow(path, folder)) ? "it belongs to the kernel" : null;
    }
}
