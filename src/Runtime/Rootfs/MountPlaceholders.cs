using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Rootfs;

/// <summary>Empty files and folders in an unpacked tree where every container has something mounted, so that no tmpfs must be laid under for them.</summary>
/// <remarks>
/// They are never seen: the sandbox always covers them. Without /etc/hosts in the image, all of /etc had to be shown again, entry by entry, at
/// every start. They belong to the cache, not to the image, and are in no tree manifest. An image that has something else there keeps it.
/// </remarks>
internal static class MountPlaceholders
{
    private const int FolderMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;

    /// <summary>Relative to the root of the tree.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["proc", "sys", "dev", "tmp"];

    /// <summary>Relative to the root of the tree.</summary>
    public static IReadOnlyList<string> FilesOfEtc { get; } = [.. HostFiles.Paths.Select(path => path[1..])];

    public static bool IsOne(string path) => Folders.Contains(path) || FilesOfEtc.Contains(path);

    /// <param name="tree">The root of the tree, its folders still writable.</param>
    public static void Make(SafeFileHandle tree)
    {
        foreach (string folder in Folders.Where(name => IsMissing(tree, name)))
            Finish(tree, folder, Files.O_RDONLY | Files.O_DIRECTORY, FolderMode, () => Files.MakeFolder(tree, folder, FolderMode));
        if (Files.TryOpenBeneath(tree, "etc", Files.O_RDONLY | Files.O_DIRECTORY, out var etc) != Errno.None)
            return;
        using (etc)
        {
            foreach (string file in FilesOfEtc.Select(path => Path.GetFileName(path)).Where(name => IsMissing(etc, name)))
                Finish(etc, file, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, FileMode, () => { });
        }
    }

    private static bool IsMissing(SafeFileHandle folder, string name) => Files.TryStatus(folder, name, out _) == Errno.ENOENT;

    // The umask of whoever imports must not decide what others may read.
    private static void Finish(SafeFileHandle folder, string name, int flags, int mode, Action make)
    {
        make();
        using var made = Files.Open(folder, name, flags, mode);
        Files.SetMode(made, mode, name);
    }
}
