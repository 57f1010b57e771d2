using System.Runtime.InteropServices;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>The walk name by name.</summary>
internal sealed unsafe partial class PathResolver
{
    /// <summary>path_resolution(7): the kernel gives up after 40 links.</summary>
    private const int MaxLinks = 40;

    private const long ProcMagic = 0x9FA0, ProcRootInode = 1;

    private readonly Stack<byte[]> _names = new();

    /// <summary>As path_resolution(7) says, but that links of /proc mean the job's thread, not ours.</summary>
    private ResolvedPath? Walk(in PathQuestion question, int root, int prefix, int length, bool keep)
    {
        byte[] named = _text[..length];
        _names.Clear();
        Push(named.AsSpan(prefix));
        bool folderWanted = named[^1] == '/';
        int links = 0;
        int at = OpenText(root, ".", Files.O_PATH);
        while (at >= 0 && _names.TryPop(out byte[]? name))
        {
            if (name is [(byte)'.', (byte)'.'])
            {
                Replace(ref at, SameFolder(at, root) ? OpenText(root, ".", Files.O_PATH) : OpenText(at, "..", Files.O_PATH));
                continue;
            }
            int child = OpenName(at, name, Files.O_PATH | Files.O_NOFOLLOW);
            if (child < 0)
                return Missing(at, name, named);
            bool last = _names.Count == 0;
            bool isLink = StatusOf(child) is { IsLink: true };
            if (!isLink || (last && !question.Follows && !folderWanted))
            {
                Replace(ref at, child);
                continue;
            }
            if (++links > MaxLinks)
            {
                _ = Libc.close(child);
                return Missing(at, name, named);
            }
            if (FollowInProc(question.Task, ref at, name) is { } done)
            {
                _ = Libc.close(child);
                if (!done)
                    return Missing(at, name, named);
                continue;
            }
            folderWanted |= Follow(ref at, child, root) && last;
        }
        return at < 0 ? null : Describe(at, DescriptorText(at), named, keep);
    }

    /// <summary>What is told of a name that is not there, nor anything below it.</summary>
    private ResolvedPath? Missing(int at, byte[] name, byte[] named)
    {
        var place = new List<byte>(DescriptorText(at).ToArray());
        _ = Libc.close(at);
        if (place.Count == 0)
            return null;
        if (place[^1] != '/')
            place.Add((byte)'/');
        place.AddRange(name);
        foreach (byte[] further in _names)
        {
            place.Add((byte)'/');
            place.AddRange(further);
        }
        return Describe(None, CollectionsMarshal.AsSpan(place), named, keep: false);
    }

    /// <summary>Follows a link of a process file system; null when it is none, or an ordinary one.</summary>
    /// <returns>False when it leads nowhere.</returns>
    private bool? FollowInProc(int task, ref int at, byte[] name)
    {
        long* status = stackalloc long[32];
        if (Libc.fstatfs(at, status) != 0 || status[0] != ProcMagic)
            return null;
        if (StatusOf(at) is not { Inode: ProcRootInode })
        {
            // /proc/N/fd/0, cwd, root, exe and such: the text of the link is for people, only the kernel can follow it.
            int object_ = OpenName(at, name, Files.O_PATH);
            if (object_ < 0)
                return false;
            Replace(ref at, object_);
            return true;
        }
        bool self = name.AsSpan().SequenceEqual("self"u8);
        if (!self && !name.AsSpan().SequenceEqual("thread-self"u8))
            return null;
        var (process, thread) = TaskStatus.InnerNumbers(task);
        Push(Encoding.ASCII.GetBytes(self ? $"{process}" : $"{process}/task/{thread}"));
        return true;
    }

    /// <summary>Goes on with what an ordinary link says, and closes it.</summary>
    /// <returns>Whether it must be a folder.</returns>
    private bool Follow(ref int at, int link, int root)
    {
        byte empty = 0;
        int length;
        fixed (byte* target = _link)
            length = (int)Libc.readlinkat(link, &empty, target, MaxPathBytes);
        _ = Libc.close(link);
        if (length <= 0)
        {
            Replace(ref at, None);
            return false;
        }
        var text = _link.AsSpan(0, length);
        Push(text);
        if (text[0] == '/')
            Replace(ref at, OpenText(root, ".", Files.O_PATH));
        return text[^1] == '/';
    }

    private void Push(ReadOnlySpan<byte> path)
    {
        var names = new List<byte[]>();
        foreach (var range in path.Split((byte)'/'))
        {
            var name = path[range];
            if (!name.IsEmpty && !name.SequenceEqual("."u8))
                names.Add(name.ToArray());
        }
        for (int i = names.Count - 1; i >= 0; i--)
            _names.Push(names[i]);
    }

    private static int OpenName(int folder, byte[] name, int flags)
    {
        Span<byte> bytes = stackalloc byte[MaxPathBytes + 1];
        name.CopyTo(bytes);
        bytes[name.Length] = 0;
        fixed (byte* start = bytes)
            return Libc.openat(folder, start, flags | Files.O_CLOEXEC, 0);
    }

    private static bool SameFolder(int one, int other) =>
        StatusOf(one) is { } a && StatusOf(other) is { } b && a.Inode == b.Inode && a.FileSystem == b.FileSystem;

    private static void Replace(ref int at, int next)
    {
        _ = Libc.close(at);
        at = next;
    }
}
