namespace Provenance.Runtime.Rootfs;

/// <summary>Files of several names, which a tar holds once.</summary>
internal static class HardLinks
{
    /// <summary>Marks each later name of a file.</summary>
    /// <param name="entries">In the order in which they are packed.</param>
    public static void Mark(IReadOnlyList<PackedEntry> entries)
    {
        var first = new Dictionary<(ulong, ulong), string>();
        foreach (var entry in entries)
        {
            if (entry.Status.IsFolder || entry.Status.LinkCount == 1)
                continue;
            var identity = (entry.Status.FileSystem, entry.Status.Inode);
            if (!first.TryAdd(identity, entry.Path))
                entry.HardLinkTo = first[identity];
        }
    }
}
