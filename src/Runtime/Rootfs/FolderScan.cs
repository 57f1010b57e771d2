using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Looks a folder through before it is packed, so that what cannot be packed is told at once and all together.</summary>
internal sealed class FolderScan
{
    private const int Named = 10;

    private readonly string _folder;
    private readonly Action<string>? _skipped;
    private readonly List<PackedEntry> _entries = [];
    private readonly List<string> _unreadable = [];
    private readonly ulong _fileSystem;

    private FolderScan(string folder, Action<string>? skipped, FileStatus root)
    {
        _folder = folder;
        _skipped = skipped;
        _fileSystem = root.FileSystem;
    }

    /// <summary>Every file in order of path, the folder itself first.</summary>
    /// <param name="root">The folder, opened.</param>
    /// <param name="folder">How it is called.</param>
    /// <param name="skipped">Told of what is left out: sockets, and what is mounted below.</param>
    /// <exception cref="RuntimeException">Files cannot be read, or a name is not UTF-8.</exception>
    public static IReadOnlyList<PackedEntry> Read(SafeFileHandle root, string folder, Action<string>? skipped)
    {
        var status = Files.Status(root);
        var scan = new FolderScan(folder, skipped, status);
        scan._entries.Add(new PackedEntry { Path = "", Status = status });
        scan.ReadFolder(root, ".", "");
        scan.RefuseUnreadable();
        scan._entries.Sort((a, b) => a.SortKey.AsSpan().SequenceCompareTo(b.SortKey));
        HardLinks.Mark(scan._entries);
        return scan._entries;
    }

    private void ReadFolder(SafeFileHandle parent, string name, string path)
    {
        var error = Files.TryOpen(parent, name, Files.O_RDONLY | Files.O_DIRECTORY, 0, out var folder);
        using (folder)
        {
            if (error is Errno.EACCES or Errno.EPERM)
            {
                _unreadable.Add(path);
                return;
            }

            if (error != Errno.None)
                throw new SyscallException("openat", path, error);
            foreach (var item in List(folder, path))
                ReadItem(folder, item.Name, path.Length == 0 ? item.Name : $"{path}/{item.Name}");
        }
    }

    private List<FolderItem> List(SafeFileHandle folder, string path)
    {
        try
        {
            return Files.List(folder, path);
        }
        catch (InvalidDataException e)
        {
            throw new RuntimeException($"folder '{_folder}': {e.Message}", e);
        }
    }

    private void ReadItem(SafeFileHandle folder, string name, string path)
    {
        var status = Files.Status(folder, name);
        if (status.Type == Files.S_IFSOCK)
        {
            _skipped?.Invoke($"'{path}' is a socket");
            return;
        }

        string? target = status.IsLink ? Files.ReadLink(folder, name) : null;
        _entries.Add(new PackedEntry { Path = path, Status = status, Target = target });
        if (status.IsFile && !Files.MayAccess(folder, name, Files.R_OK))
            _unreadable.Add(path);
        if (!status.IsFolder)
            return;
        if (status.IsMountPoint ?? status.FileSystem != _fileSystem)
            _skipped?.Invoke($"what is mounted on '{path}'");
        else
            ReadFolder(folder, name, path);
    }

    private void RefuseUnreadable()
    {
        if (_unreadable.Count == 0)
            return;
        _unreadable.Sort(string.CompareOrdinal);
        string names = string.Join(", ", _unreadable.Take(Named).Select(path => $"'{path}'"));
        string more = _unreadable.Count > Named ? $" and {_unreadable.Count - Named} more" : "";
        throw new RuntimeException($"folder '{_folder}': cannot read {names}{more}");
    }
}
