using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Unpacks an image beneath a folder descriptor while it is imported. Nothing is under its final name before all of it is there.</summary>
/// <remarks>
/// Folders are made 0700 and get owner, mode and time at the end, from below upwards: one that forbids reading or writing can be filled,
/// and keeps its time. Device nodes are recorded by the import and not made; fifos are made.
/// </remarks>
public sealed class LayerUnpacker : ITreeWriter, IDisposable
{
    /// <summary>A file up to this size is read before it is written: if another tree has it, it need not be written.</summary>
    private const int SmallBytes = 1 << 20;

    /// <summary>Of a root folder that the image says nothing of.</summary>
    private const int DefaultRootMode = 0b111_101_101;

    private readonly SafeFileHandle _cache;
    private readonly SafeFileHandle _shared;
    private readonly UnpackSlot _slot;
    private readonly SharedFiles _files;
    private readonly FolderHandles _folders;
    private readonly bool _keepOwners;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(SmallBytes);
    private readonly PathSet _folderPaths = new();
    private readonly Dictionary<string, DiskMetadata> _folderMetadata = new(StringComparer.Ordinal);
    private readonly PathSet _notMade = new();

    /// <param name="cache">The folder of trees.</param>
    /// <param name="shared">The folder of files that trees share, on the same file system.</param>
    /// <param name="keepOwners">Whether this process may give files away.</param>
    internal LayerUnpacker(string cache, string shared, bool keepOwners)
    {
        _cache = Files.OpenFolder(cache);
        _shared = Files.OpenFolder(shared);
        _slot = UnpackSlot.Claim(Files.OpenFolder(cache));
        _files = new SharedFiles(_shared, _slot.Staging);
        _folders = new FolderHandles(_slot.Tree);
        _keepOwners = keepOwners;
        RecordFolder("", new DiskMetadata { Mode = DefaultRootMode, Owner = null, Modified = default, Xattrs = [] });
    }

    /// <inheritdoc/>
    public void WriteFolder(TreePath path, FileMetadata metadata)
    {
        string text = path.ToString();
        if (!path.IsRoot && !_folderMetadata.ContainsKey(text))
        {
            var (folder, name) = _folders.Split(text);
            Files.MakeFolder(folder, name, UnpackSlot.Private);
        }

        RecordFolder(text, DiskMetadata.Of(metadata, _keepOwners, isFolder: true));
    }

    /// <inheritdoc/>
    public void WriteFile(TreePath path, FileMetadata metadata, FileContentStream content)
    {
        var (folder, name) = _folders.Split(path.ToString());
        var onDisk = DiskMetadata.Of(metadata, _keepOwners);
        if (metadata.Size > SmallBytes)
        {
            WriteLarge(folder, name, onDisk, content);
            return;
        }

        var small = _buffer.AsSpan(0, (int)metadata.Size);
        content.ReadExactly(small);
        _files.Place(folder, name, content.Digest, small, onDisk);
    }

    /// <inheritdoc/>
    public void WriteLink(TreePath path, FileMetadata metadata, string target)
    {
        var (folder, name) = _folders.Split(path.ToString());
        var onDisk = DiskMetadata.Of(metadata, _keepOwners);
        Files.MakeLink(folder, name, target);
        FinishName(folder, name, onDisk);
    }

    /// <inheritdoc/>
    public void WriteHardLink(TreePath path, TreePath existing)
    {
        if (_notMade.Contains(existing.ToString()))
        {
            _notMade.Add(path.ToString());
            return;
        }

        var (from, fromName) = _folders.Split(existing.ToString());
        var (to, toName) = _folders.Split(path.ToString());
        Files.Link(from, fromName, to, toName);
    }

    /// <inheritdoc/>
    public void WriteDevice(TreePath path, FileMetadata metadata, TreeEntryType type, int major, int minor)
    {
        string text = path.ToString();
        if (type != TreeEntryType.Fifo)
        {
            _notMade.Add(text);
            return;
        }

        var (folder, name) = _folders.Split(text);
        var onDisk = DiskMetadata.Of(metadata, _keepOwners);
        Files.MakeFifo(folder, name, UnpackSlot.Private);
        using (var fifo = Files.Open(folder, name, Files.O_RDONLY | Files.O_NONBLOCK))
            Files.SetMode(fifo, onDisk.Mode, name);
        FinishName(folder, name, onDisk);
    }

    /// <inheritdoc/>
    public void Remove(TreePath path)
    {
        string text = path.ToString();
        _notMade.RemoveTree(text);
        foreach (string gone in _folderPaths.RemoveTree(text))
            _folderMetadata.Remove(gone);
        _folders.Forget(text);
        var (folder, name) = _folders.Split(text);
        TreeRemoval.Remove(folder, name);
    }

    /// <inheritdoc/>
    public void Commit(Digest tree)
    {
        MountPlaceholders.Make(_slot.Tree);
        foreach (string path in _folderPaths.DeepestFirst)
            FinishFolder(path, _folderMetadata[path]);
        Files.SyncFileSystem(_slot.Tree, "cache");
        _files.Publish();
        var error = Files.TryRenameNew(_cache, _slot.TreeName, _cache, tree.Hex);
        // EEXIST: the same tree was unpacked before, or by another process meanwhile.
        if (error is not (Errno.None or Errno.EEXIST or Errno.ENOTEMPTY))
            throw new SyscallException("renameat2", tree.Hex, error);
        Dispose();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        try
        {
            Dispose();
        }
        catch (SyscallException)
        {
            // The failure that led here is the one to tell of; what is left is removed by the next import.
        }
    }

    /// <summary>Leaves nothing but a committed tree.</summary>
    public void Dispose()
    {
        _folders.Dispose();
        _slot.Dispose();
        _shared.Dispose();
        _cache.Dispose();
    }

    private void WriteLarge(SafeFileHandle folder, string name, in DiskMetadata metadata, FileContentStream content)
    {
        using var file = _files.BeginLarge();
        long offset = 0;
        int length;
        while ((length = content.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false)) > 0)
        {
            FileWriter.Append(file, _buffer.AsSpan(0, length), offset, name);
            offset += length;
        }

        _files.PlaceLarge(file, folder, name, content.Digest, offset, metadata);
    }

    private void RecordFolder(string path, DiskMetadata metadata)
    {
        _folderPaths.Add(path);
        _folderMetadata[path] = metadata;
    }

    private void FinishFolder(string path, in DiskMetadata metadata)
    {
        using var folder = Files.OpenBeneath(_slot.Tree, path, Files.O_RDONLY | Files.O_DIRECTORY);
        foreach (var xattr in metadata.Xattrs)
            FileWriter.SetXattr(folder, xattr.Name, xattr.Value.Span, path);
        if (metadata.Owner is var (user, group))
            Files.SetOwner(folder, user, group, path);
        if (metadata.Mode != UnpackSlot.Private)
            Files.SetMode(folder, metadata.Mode, path);
        Files.SetModified(folder, metadata.Modified, path);
    }

    private static void FinishName(SafeFileHandle folder, string name, in DiskMetadata metadata)
    {
        if (metadata.Owner is var (user, group))
            Files.SetOwnerOf(folder, name, user, group);
        Files.SetModifiedOf(folder, name, metadata.Modified);
    }
}
