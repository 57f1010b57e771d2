using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>How much a folder takes on disk. No link is followed; folders that may not be read are left out.</summary>
public static class DiskUse
{
    /// <summary>Of all files below, each once, however many names it has.</summary>
    public static long Below(string folder) => Below(folder, uint.MaxValue);

    /// <param name="folder">Nothing is below one that is not there.</param>
    /// <param name="mostLinks">Files with more names are others' as well.</param>
    internal static long Below(string folder, uint mostLinks)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        using var handle = Files.OpenFolder(folder);
        return Sum(handle, folder, mostLinks, []);
    }

    private static long Sum(SafeFileHandle folder, string subject, uint mostLinks, HashSet<(ulong, ulong)> seen)
    {
        long sum = 0;
        foreach (var item in Files.List(folder, subject, notUtf8: _ => { }))
        {
            if (Files.TryStatus(folder, item.Name, out var status) != Errno.None)
            {
                continue; // gone meanwhile
            }

            if (status.IsFolder)
            {
                if (Files.TryOpen(folder, item.Name, Files.O_RDONLY | Files.O_DIRECTORY, 0, out var below) == Errno.None)
                {
                    using (below)
                    {
                        sum += Sum(below, item.Name, mostLinks, seen);
                    }
                }
            }
            else if (status.LinkCount <= mostLinks && (status.LinkCount == 1 || seen.Add((status.FileSystem, status.Inode))))
            {
                sum += status.Blocks * FileStatus.BlockBytes;
            }
        }

        return sum;
    }
}
