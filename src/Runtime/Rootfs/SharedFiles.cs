using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Puts regular files into a tree, each content with the same metadata once: what another tree has is linked.</summary>
/// <remarks>
/// New files wait in the staging folder of the slot, named by their key, and go over to the shared ones after they were made durable:
/// a file under a shared name is whole, even after a power cut. A file system without hard links gets plain files.
/// </remarks>
internal sealed class SharedFiles(SafeFileHandle shared, SafeFileHandle staging)
{
    private const string LargeFile = ".large";

    private readonly FileWriter _writer = new(staging);
    private readonly HashSet<string> _staged = new(StringComparer.Ordinal);

    /// <summary>Makes a file whose content is in memory.</summary>
    public void Place(SafeFileHandle folder, string name, Digest digest, ReadOnlySpan<byte> content, in DiskMetadata metadata)
    {
        string key = metadata.KeyOf(digest);
        if (TryShare(folder, name, key, content.Length, metadata))
            return;
        _writer.Write(key, content, metadata);
        Stage(folder, name, key);
    }

    /// <summary>Begins a file too large for memory, of which there is one at a time.</summary>
    public SafeFileHandle BeginLarge() => _writer.Create(LargeFile);

    /// <summary>Ends it, now that its digest is known.</summary>
    public void PlaceLarge(
        SafeFileHandle file, SafeFileHandle folder, string name, Digest digest, long size, in DiskMetadata metadata)
    {
        string key = metadata.KeyOf(digest);
        if (TryShare(folder, name, key, size, metadata))
        {
            Files.Remove(staging, LargeFile);
            return;
        }

        _writer.Finish(file, size, metadata, name);
        Files.Rename(staging, LargeFile, staging, key);
        Stage(folder, name, key);
    }

    /// <summary>Gives what is new to later trees. To be called when it is durable.</summary>
    public void Publish()
    {
        foreach (string key in _staged)
        {
            // Over what stands there: it was damaged, or has as many links as it can, or another import was as fast as this one.
            if (Files.TryRename(staging, key, shared, PathOf(key)) == Errno.None)
                continue;
            Files.TryMakeFolder(shared, key[..2], UnpackSlot.Private);
            Files.Rename(staging, key, shared, PathOf(key));
        }

        _staged.Clear();
    }

    /// <summary>Removes what no tree has any more. A file that is linked meanwhile only loses its shared name.</summary>
    /// <returns>Bytes given back.</returns>
    public static long Prune(SafeFileHandle shared)
    {
        long freed = 0;
        using var listed = Files.Open(shared, ".", Files.O_RDONLY | Files.O_DIRECTORY);
        foreach (var item in Files.List(listed, "files"))
        {
            using var folder = Files.Open(shared, item.Name, Files.O_RDONLY | Files.O_DIRECTORY);
            foreach (var file in Files.List(folder, item.Name))
            {
                if (Files.TryStatus(folder, file.Name, out var status) != Errno.None || status.LinkCount > 1)
                    continue;
                if (Files.TryRemove(folder, file.Name) == Errno.None)
                    freed += status.Blocks * FileStatus.BlockBytes;
            }
        }

        return freed;
    }

    /// <summary>Two characters of the key as folder, so that none of them has a million names.</summary>
    private static string PathOf(string key) => $"{key.AsSpan(0, 2)}/{key}";

    private bool TryShare(SafeFileHandle folder, string name, string key, long size, in DiskMetadata metadata)
    {
        if (_staged.Contains(key))
            return TryShareStaged(folder, name, key);
        if (Files.TryLink(shared, PathOf(key), folder, name) != Errno.None)
            return false;
        // Whoever may write there may have changed it; what shows without reading is looked at.
        var status = Files.Status(folder, name);
        if (status.IsFile && status.Size == size && status.Modified.Seconds == metadata.Modified.Seconds)
            return true;
        Files.Remove(folder, name);
        return false;
    }

    private bool TryShareStaged(SafeFileHandle folder, string name, string key)
    {
        if (Files.TryLink(staging, key, folder, name) == Errno.None)
            return true;
        // EMLINK, 65,000 on ext4: the next ones share a new file.
        Files.Remove(staging, key);
        return false;
    }

    private void Stage(SafeFileHandle folder, string name, string key)
    {
        var error = Files.TryLink(staging, key, folder, name);
        if (error == Errno.None)
        {
            _staged.Add(key);
            return;
        }

        // linkat(2): EPERM where there are no hard links, EXDEV or EOPNOTSUPP on some network file systems.
        if (error is not (Errno.EPERM or Errno.EXDEV or Errno.EOPNOTSUPP or Errno.EMLINK))
            throw new SyscallException("linkat", name, error);
        _staged.Remove(key);
        Files.Rename(staging, key, folder, name);
    }
}
