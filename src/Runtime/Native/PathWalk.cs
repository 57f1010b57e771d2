using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>openat2(2) by hand, one name at a time, for kernels that lack it.</summary>
/// <remarks>
/// Every name is opened with O_NOFOLLOW and looked at through its descriptor, links are read and followed by us, and <c>..</c> goes back
/// to a descriptor that we came by: nothing that is renamed or replaced meanwhile leads out of the root.
/// </remarks>
internal sealed class PathWalk(SafeFileHandle root) : IDisposable
{
    /// <summary>path_resolution(7): the kernel gives up after 40 links.</summary>
    private const int MaxLinks = 40;

    private readonly Stack<SafeFileHandle> _folders = new();
    private readonly Stack<string> _names = new();
    private int _links;

    private SafeFileHandle Top => _folders.TryPeek(out var top) ? top : root;

    /// <summary>RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS.</summary>
    internal Errno OpenInRoot(string path, int flags, int mode, out SafeFileHandle handle)
    {
        handle = new SafeFileHandle();
        if (path.Length == 0) return Errno.ENOENT;
        Push(path);
        while (_names.TryPop(out string? name))
        {
            if (name == ".") continue;
            if (name == "..")
            {
                if (_folders.TryPop(out var left)) left.Dispose();
                continue;
            }
            if (Step(name, flags, mode, ref handle) is Errno result) return result;
        }
        return Files.TryOpen(Top, ".", flags & ~Files.O_CREAT, mode, out handle);
    }

    /// <summary>RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS.</summary>
    internal static Errno OpenBeneath(SafeFileHandle folder, string path, int flags, out SafeFileHandle handle)
    {
        handle = new SafeFileHandle();
        if (path.StartsWith('/')) return Errno.EXDEV;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Contains("..")) return Errno.EXDEV;
        var at = folder;
        for (int i = 0; i < names.Length; i++)
        {
            bool last = i == names.Length - 1;
            int how = last ? flags : Files.O_PATH | Files.O_DIRECTORY;
            var error = Files.TryOpen(at, names[i], how, 0, out handle);
            if (at != folder) at.Dispose();
            if (error != Errno.None) return error;
            if (last && IsLink(handle)) return Drop(ref handle, Errno.ELOOP);
            at = handle;
        }
        return names.Length == 0 ? Errno.ENOENT : Errno.None;
    }

    public void Dispose()
    {
        foreach (var folder in _folders) folder.Dispose();
        _folders.Clear();
    }

    /// <returns>Null while there is more to walk.</returns>
    private Errno? Step(string name, int flags, int mode, ref SafeFileHandle handle)
    {
        bool last = _names.Count == 0;
        bool follow = !last || (flags & Files.O_NOFOLLOW) == 0;
        var error = Files.TryOpen(Top, name, Files.O_PATH, 0, out var found);
        if (error == Errno.ENOENT && last && (flags & Files.O_CREAT) != 0)
            return Files.TryOpen(Top, name, flags, mode, out handle);
        if (error != Errno.None) return error;
        if (IsLink(found) && follow)
        {
            error = Follow(found);
            return error == Errno.None ? null : error;
        }
        if (!last)
        {
            _folders.Push(found);
            return null;
        }
        found.Dispose();
        return Files.TryOpen(Top, name, flags, mode, out handle);
    }

    private Errno Follow(SafeFileHandle link)
    {
        string target = Files.ReadLink(link, "");
        link.Dispose();
        if (++_links > MaxLinks) return Errno.ELOOP;
        if (target.StartsWith('/')) Dispose();
        Push(target);
        return Errno.None;
    }

    private void Push(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--) _names.Push(names[i]);
    }

    private static bool IsLink(SafeFileHandle handle) => Files.Status(handle).IsLink;

    private static Errno Drop(ref SafeFileHandle handle, Errno error)
    {
        handle.Dispose();
        handle = new SafeFileHandle();
        return error;
    }
}
