using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Finds out where a path leads for a thread of the job, as the kernel would, just before the kernel does.</summary>
/// <remarks>
/// All is looked up from a descriptor of the job's own root, so that no path of ours is ever mixed with one of the job's.
/// What /proc/self/fd says of a descriptor is the path in the mount namespace that it belongs to, which is the container's.
/// Three ways, from fast to slow:
/// 1. A path without links: the kernel says so (RESOLVE_NO_SYMLINKS), and the text is the answer.
/// 2. A path with links: the kernel follows them (RESOLVE_IN_ROOT), and tells where it has come to.
/// 3. A path that fails, or that leads through /proc, is walked name by name (PathResolver.Walk.cs).
/// </remarks>
internal sealed unsafe partial class PathResolver : IDisposable
{
    public const int MaxPathBytes = 4096;

    private const int None = -1;
    private const string Deleted = " (deleted)";

    private readonly Action<string> _lost;
    private readonly int _root;
    private readonly byte[] _text = GC.AllocateArray<byte>(4 * MaxPathBytes, pinned: true);
    private readonly byte[] _link = GC.AllocateArray<byte>(2 * MaxPathBytes, pinned: true);
    private bool _noOpenat2;
    private int _kept = None;

    /// <param name="task">A thread whose root is the container's.</param>
    /// <param name="lost">Told of what cannot be said.</param>
    /// <exception cref="SyscallException">Its root cannot be reached.</exception>
    public PathResolver(int task, Action<string> lost)
    {
        _lost = lost;
        string root = $"/proc/{task}/root";
        _root = OpenText(Libc.AT_FDCWD, root, Files.O_PATH | Files.O_DIRECTORY);
        if (_root < 0)
            throw SyscallException.FromLastError("open", root);
    }

    /// <summary>Set once some process of the job may have a root of its own, which costs a look for each call.</summary>
    public bool RootsDiffer { get; set; }

    /// <summary>Where a path leads; null where it leads to nothing that has a path, or the call can only fail.</summary>
    /// <param name="keep">Keeps the file open for <see cref="TakeKept"/>.</param>
    public ResolvedPath? Resolve(in PathQuestion question, ReadOnlySpan<byte> path, bool keep = false)
    {
        Release(ref _kept);
        if (path.IsEmpty)
            return question.EmptyIsFolder ? ResolveFolder(question, keep) : null;
        bool relative = path[0] != '/';
        int length = 0;
        if ((relative || question.FolderIsRoot) && !ReadFolder(question, out length))
            return null;
        if (relative && length > Deleted.Length && IsDeleted(question, length))
            return ResolveInDeleted(question, path, length);
        if (length + path.Length + 2 > _text.Length)
            return null;
        int prefix = length;
        if (length > 0 && _text[length - 1] != '/' && relative)
            _text[length++] = (byte)'/';
        path.CopyTo(_text.AsSpan(length));
        length += path.Length;
        _text[length] = 0;
        int root = RootOf(question, relative, ref prefix);
        try
        {
            return Resolve(question, root, prefix, length, keep);
        }
        finally
        {
            if (root != _root)
                _ = Libc.close(root);
        }
    }

    /// <summary>A descriptor (O_PATH) of the file that was last resolved; -1 when there is none. The caller closes it.</summary>
    public int TakeKept()
    {
        int kept = _kept;
        _kept = None;
        return kept;
    }

    /// <summary>Absolute in the container; null when the thread is gone.</summary>
    public string? WorkingFolder(int task) =>
        ReadFolder(new PathQuestion(task, Libc.AT_FDCWD, true), out int length) ? Decode(_text.AsSpan(0, length)) : null;

    public void Dispose()
    {
        Release(ref _kept);
        _ = Libc.close(_root);
    }

    /// <summary>
    /// The root that the text begins at. After a chroot that is not the container's, and the text has what leads there
    /// before it: <paramref name="prefix"/> bytes that the kernel must not be asked for.
    /// </summary>
    private int RootOf(in PathQuestion question, bool relative, ref int prefix)
    {
        if (question.FolderIsRoot)
            return OpenFolder(question) is var folder && folder >= 0 ? folder : _root;
        prefix = 0;
        if (!RootsDiffer)
            return _root;
        int root = OpenText(Libc.AT_FDCWD, $"/proc/{question.Task}/root", Files.O_PATH);
        if (root < 0)
            return _root;
        int length = ReadLinkOf($"/proc/{question.Task}/root", _link);
        if (length <= 1)
            return root;
        int end = _text.AsSpan().IndexOf((byte)0);
        bool below = relative && end > length && _text.AsSpan(0, length).SequenceEqual(_link.AsSpan(0, length))
            && _text[length] == '/';
        if (relative && !below)
        {
            // The working folder lies outside of the root, as chroot(2) warns.
            _ = Libc.close(root);
            return _root;
        }
        if (!below)
        {
            _text.AsSpan(0, end + 1).CopyTo(_text.AsSpan(length));
            _link.AsSpan(0, length).CopyTo(_text);
        }
        prefix = length;
        return root;
    }

    private ResolvedPath? Resolve(in PathQuestion question, int root, int prefix, int length, bool keep)
    {
        length = _text.AsSpan().IndexOf((byte)0);
        var text = _text.AsSpan(0, length);
        int found = _noOpenat2
            ? -(int)Errno.ELOOP
            : Openat2(root, prefix, question.Follows, Files.RESOLVE_IN_ROOT | Files.RESOLVE_NO_SYMLINKS);
        if (found == -(int)Errno.ENOSYS)
            _noOpenat2 = true;
        if (found >= 0)
            return IsPlain(text) ? Describe(found, text, text, keep) : Describe(found, DescriptorText(found), text, keep);
        if (found != -(int)Errno.ELOOP && found != -(int)Errno.ENOSYS && IsPlain(text))
            return Describe(None, text, text, keep);
        if (!_noOpenat2)
        {
            found = Openat2(root, prefix, question.Follows, Files.RESOLVE_IN_ROOT | Files.RESOLVE_NO_MAGICLINKS);
            if (found >= 0)
            {
                var place = DescriptorText(found);
                // A link there may mean whoever looks at it.
                if (!place.StartsWith("/proc/"u8))
                    return Describe(found, place, text, keep);
                _ = Libc.close(found);
            }
        }
        return Walk(question, root, prefix, length, keep);
    }

    /// <summary>Whether a text is its own shortest form: then the kernel's way along it is the text itself.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        text.Length > 1 && text[^1] != '/' && text.IndexOf("//"u8) < 0 && text.IndexOf("/./"u8) < 0
        && text.IndexOf("/../"u8) < 0 && !text.EndsWith("/."u8) && !text.EndsWith("/.."u8);

    /// <summary>What is told, of a descriptor that is closed or kept; null for what has no path.</summary>
    private ResolvedPath? Describe(int found, ReadOnlySpan<byte> place, ReadOnlySpan<byte> named, bool keep)
    {
        FileStatus? before = null;
        if (found >= 0)
        {
            before = StatusOf(found);
            if (keep)
                _kept = found;
            else
                _ = Libc.close(found);
        }
        if (place.IsEmpty || place[0] != '/')
            return null;
        if (before is { LinkCount: 0 } && place.EndsWith(" (deleted)"u8))
            place = place[..^Deleted.Length];
        if (place.StartsWith("/memfd:"u8) && before is { LinkCount: 0 })
            return null;
        if (Decode(place) is not { } path)
            return null;
        return new ResolvedPath(path, place.SequenceEqual(named) ? null : Decode(named), before);
    }

    private ResolvedPath? ResolveFolder(in PathQuestion question, bool keep)
    {
        int found = OpenFolder(question);
        if (found < 0)
            return null;
        var place = DescriptorText(found);
        return Describe(found, place, place, keep);
    }

    /// <summary>A name in a folder that has none any more: only what was opened before can still be there.</summary>
    private ResolvedPath? ResolveInDeleted(in PathQuestion question, ReadOnlySpan<byte> path, int length)
    {
        int folder = OpenFolder(question);
        if (folder < 0)
            return null;
        length -= Deleted.Length;
        _text[length++] = (byte)'/';
        if (length + path.Length >= _text.Length)
            return null;
        path.CopyTo(_text.AsSpan(length));
        _text[length + path.Length] = 0;
        int found;
        fixed (byte* name = &_text[length])
            found = Libc.openat(folder, name, Files.O_PATH | Files.O_CLOEXEC | Files.O_NOFOLLOW, 0);
        _ = Libc.close(folder);
        var text = _text.AsSpan(0, length + path.Length);
        return Describe(found, text, text, keep: false);
    }

    private bool IsDeleted(in PathQuestion question, int length)
    {
        if (!_text.AsSpan(0, length).EndsWith(" (deleted)"u8) || OpenFolder(question) is not (>= 0 and var folder))
            return false;
        var status = StatusOf(folder);
        _ = Libc.close(folder);
        return status is { LinkCount: 0 };
    }

    /// <summary>The path of the folder that a relative path begins at, into the text.</summary>
    private bool ReadFolder(in PathQuestion question, out int length)
    {
        length = ReadLinkOf(FolderName(question), _text);
        return length > 0 && _text[0] == '/';
    }

    private static int OpenFolder(in PathQuestion question) =>
        OpenText(Libc.AT_FDCWD, FolderName(question), Files.O_PATH);

    private static string FolderName(in PathQuestion question) => question.Folder == Libc.AT_FDCWD
        ? $"/proc/{question.Task}/cwd"
        : string.Create(CultureInfo.InvariantCulture, $"/proc/{question.Task}/fd/{question.Folder}");

    private static int OpenText(int folder, string path, int flags)
    {
        Span<byte> bytes = stackalloc byte[128];
        bytes[Encoding.UTF8.GetBytes(path, bytes)] = 0;
        fixed (byte* name = bytes)
            return Libc.openat(folder, name, flags | Files.O_CLOEXEC, 0);
    }

    private static int ReadLinkOf(string path, Span<byte> into)
    {
        Span<byte> bytes = stackalloc byte[128];
        bytes[Encoding.UTF8.GetBytes(path, bytes)] = 0;
        fixed (byte* name = bytes, target = into)
            return (int)Libc.readlinkat(Libc.AT_FDCWD, name, target, (nuint)MaxPathBytes);
    }

    /// <summary>The path in the container of an open file, until the next one is asked for.</summary>
    private ReadOnlySpan<byte> DescriptorText(int descriptor)
    {
        int length = ReadLinkOf($"/proc/self/fd/{descriptor}", _link);
        return length > 0 ? _link.AsSpan(0, length) : [];
    }

    private static FileStatus? StatusOf(int descriptor)
    {
        Files.statx_buffer buffer;
        byte empty = 0;
        return Libc.statx(descriptor, &empty, Files.AT_EMPTY_PATH, Files.STATX_BASIC_STATS, &buffer) == 0
            ? FileStatus.From(buffer)
            : null;
    }

    /// <returns>A descriptor (O_PATH), or a negative errno.</returns>
    private int Openat2(int root, int prefix, bool follows, ulong resolve)
    {
        int flags = Files.O_PATH | Files.O_CLOEXEC | (follows ? 0 : Files.O_NOFOLLOW);
        var how = new Files.open_how { flags = (ulong)flags, resolve = resolve };
        fixed (byte* path = &_text[prefix])
        {
            nint found;
            do
            {
                found = Libc.syscall(
                    Syscall.Openat2.Number, root, (nint)path, (nint)(&how), sizeof(Files.open_how), 0, 0);
            }
            // openat2(2): a rename raced with the resolution of "..".
            while (found < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.EAGAIN);
            return found >= 0 ? (int)found : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Null for a name that is not UTF-8, which no record can hold.</summary>
    private string? Decode(ReadOnlySpan<byte> path)
    {
        if (Utf8.IsValid(path))
            return Encoding.UTF8.GetString(path);
        _lost($"a path is not UTF-8: '{Encoding.Latin1.GetString(path)}'");
        return null;
    }

    private static void Release(ref int descriptor)
    {
        if (descriptor >= 0)
            _ = Libc.close(descriptor);
        descriptor = None;
    }
}
