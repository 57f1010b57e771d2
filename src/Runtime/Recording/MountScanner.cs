using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Lists everything in mounted folders, without reading any content and without following a link.</summary>
/// <param name="maxEntries">More than these are not looked at.</param>
internal sealed class MountScanner(int maxEntries)
{
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);

    /// <summary>Leaves out a path of the container and all below it.</summary>
    /// <param name="path">Absolute path in the container.</param>
    public void Exclude(string path) => _excluded.Add(path);

    /// <summary>What stands in the folders now.</summary>
    /// <param name="mounts">The folders.</param>
    /// <param name="earlier">What has not changed since then is not in memory twice; null for none.</param>
    public FolderScan Scan(IEnumerable<MountedFiles> mounts, FolderScan? earlier = null)
    {
        var scan = new FolderScan(earlier);
        foreach (var mount in mounts)
        {
            if (mount.Mount.IsFile)
            {
                ScanFile(mount, scan);
            }
            else
            {
                ScanFolder(mount, scan);
            }
        }

        return scan;
    }

    private static void ScanFile(MountedFiles mount, FolderScan scan)
    {
        string path = mount.Mount.Destination;
        if (Files.TryStatus(mount.Folder, mount.RelativePath(path), out var status) == Errno.None)
        {
            scan.Add(ScannedEntry.Of(path, status, null), status.LinkCount);
        }
    }

    private void ScanFolder(MountedFiles mount, FolderScan scan)
    {
        // An open descriptor each would end at RLIMIT_NOFILE in a deep tree: pending folders are kept by path.
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out string? relative))
        {
            string path = ContainerPath.Join(mount.Mount.Destination, relative);
            var error = Files.TryOpenBeneath(mount.Folder, relative, Files.O_RDONLY | Files.O_DIRECTORY, out var folder);
            using (folder)
            {
                if (error == Errno.None)
                {
                    ScanNames(folder, path, relative, pending, scan);
                }
                else if (error != Errno.ENOENT)
                {
                    scan.NotSeen.Add($"folder '{path}' could not be read ({error})");
                }
            }
        }
    }

    private void ScanNames(SafeFileHandle folder, string path, string relative, Stack<string> pending, FolderScan scan)
    {
        var names = Files.List(folder, path, name => scan.NotSeen.Add($"a name in '{path}' is not UTF-8: '{name}'"));
        foreach (var item in names)
        {
            string itemPath = ContainerPath.Join(path, item.Name);
            if (_excluded.Contains(itemPath))
            {
                continue;
            }

            if (scan.Count >= maxEntries)
            {
                scan.IsTruncated = true;
                return;
            }

            // What is gone again since it was listed does not matter.
            if (Files.TryStatus(folder, item.Name, out var status) != Errno.None)
            {
                continue;
            }

            scan.Add(ScannedEntry.Of(itemPath, status, status.IsLink ? ReadTarget(folder, item.Name) : null), status.LinkCount);
            if (status.IsFolder)
            {
                pending.Push(relative.Length == 0 ? item.Name : $"{relative}/{item.Name}");
            }
        }
    }

    private static string ReadTarget(SafeFileHandle folder, string name)
    {
        try
        {
            return Files.ReadLink(folder, name);
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            return "";
        }
    }
}
