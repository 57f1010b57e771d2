using System.Buffers.Binary;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Calls with one or two paths.</summary>
internal sealed partial class CallReader
{
    // fcntl.h; O_TMPFILE without the O_DIRECTORY that it has in it.
    private const uint O_TRUNC = 0x200, TemporaryFileBit = 0x400000, AccessModeMask = 3;
    private const int AT_SYMLINK_FOLLOW = 0x400, OpenHowBytes = 24;

    private void ReadPath(ObservedCall row, in ObservedTask task)
    {
        var path = ReadText(task, task.Pointer(row.PathAt), _path, out bool read);
        if (!read)
            return;
        int flags = row.FlagsAt is { } at ? task.Number(at) : 0;
        var question = new PathQuestion(
            task.Task, row.FolderAt is { } folder ? task.Number(folder) : Libc.AT_FDCWD,
            row.Follows && (flags & Files.AT_SYMLINK_NOFOLLOW) == 0)
        {
            EmptyIsFolder = (flags & Files.AT_EMPTY_PATH) != 0,
        };
        if (paths.Resolve(question, path) is not { } found)
            return;
        bool empties = row.Access == FileAccess.Write && task.Pointer(1) == 0;
        Touch(task, row.Access | (empties ? FileAccess.Truncate : 0), found);
    }

    private void ReadOpenat2(in ObservedTask task)
    {
        Span<byte> how = stackalloc byte[OpenHowBytes];
        if (task.Pointer(3) < OpenHowBytes || !TaskMemory.TryRead(task.Task, task.Pointer(2), how))
            return;
        ulong resolve = BinaryPrimitives.ReadUInt64LittleEndian(how[16..]);
        Open(task, task.Number(0), 1, BinaryPrimitives.ReadUInt32LittleEndian(how), resolve);
    }

    private void Open(in ObservedTask task, int folder, int pathAt, uint flags, ulong resolve)
    {
        // With O_PATH nothing is read or written, and what is done with it later is seen then.
        if ((flags & (uint)Files.O_PATH) != 0)
            return;
        var path = ReadText(task, task.Pointer(pathAt), _path, out bool read);
        if (!read)
            return;
        if ((flags & TemporaryFileBit) != 0)
        {
            Note(task, "nameless-file");
            return;
        }
        bool creates = (flags & (uint)Files.O_CREAT) != 0;
        bool exclusive = creates && (flags & (uint)Files.O_EXCL) != 0;
        bool follows = !exclusive && (flags & (uint)Files.O_NOFOLLOW) == 0 && (resolve & Files.RESOLVE_NO_SYMLINKS) == 0;
        var question = new PathQuestion(task.Task, folder, follows)
        {
            FolderIsRoot = (resolve & Files.RESOLVE_IN_ROOT) != 0,
        };
        if (paths.Resolve(question, path) is not { } found)
            return;
        var access = AccessOf(flags, found.Before is { IsFolder: true } || (flags & (uint)Files.O_DIRECTORY) != 0)
            | (creates ? FileAccess.Create : 0) | (exclusive ? FileAccess.Exclusive : 0);
        Touch(task, access, found);
    }

    private static FileAccess AccessOf(uint flags, bool isFolder)
    {
        uint mode = flags & AccessModeMask;
        var access = mode switch
        {
            (uint)Files.O_WRONLY => FileAccess.Write,
            (uint)Files.O_RDWR => FileAccess.Read | FileAccess.Write,
            _ => isFolder ? FileAccess.List : FileAccess.Read,
        };
        return access | ((flags & O_TRUNC) != 0 ? FileAccess.Truncate : 0);
    }

    private void ReadTwoNames(CallShape shape, in ObservedTask task)
    {
        bool at = shape is CallShape.Renameat or CallShape.Linkat;
        bool links = shape is CallShape.Link or CallShape.Linkat;
        int flags = at ? task.Number(4) : 0;
        var oldName = ReadText(task, task.Pointer(at ? 1 : 0), _path, out bool readOld);
        var newName = ReadText(task, task.Pointer(at ? 3 : 1), _otherPath, out bool readNew);
        if (!readOld || !readNew)
            return;
        var from = new PathQuestion(task.Task, at ? task.Number(0) : Libc.AT_FDCWD, links && (flags & AT_SYMLINK_FOLLOW) != 0)
        {
            EmptyIsFolder = links && (flags & Files.AT_EMPTY_PATH) != 0,
        };
        var to = new PathQuestion(task.Task, at ? task.Number(2) : Libc.AT_FDCWD, false);
        var source = paths.Resolve(from, oldName);
        if (paths.Resolve(to, newName) is not { } target)
            return;
        if (links)
            Link(task, source, target);
        else if (source is { } moved)
            Rename(task, moved, target, (uint)flags);
    }

    private void Link(in ObservedTask task, ResolvedPath? source, in ResolvedPath target)
    {
        // A file without a name, as O_TMPFILE makes it, gets its first.
        if (source is { } named)
            Touch(task, FileAccess.None, named);
        Touch(task, FileAccess.Create | FileAccess.Exclusive, target);
        if (source is { Before: not null } linked && target.Before is null)
            Told(task, linked, target, keepsOld: true);
    }

    private void Rename(in ObservedTask task, in ResolvedPath source, in ResolvedPath target, uint flags)
    {
        bool swaps = (flags & Files.RENAME_EXCHANGE) != 0;
        bool keeps = (flags & Files.RENAME_NOREPLACE) != 0;
        Touch(task, FileAccess.Remove | (swaps ? FileAccess.Create : 0), source);
        Touch(
            task,
            FileAccess.Create | (keeps ? FileAccess.Exclusive : target.Before is null ? 0 : FileAccess.Remove), target);
        if (source.Before is null || (keeps && target.Before is not null) || (swaps && target.Before is null))
            return;
        Told(task, source, target, keepsOld: false);
        if (swaps)
            Told(task, target, source, keepsOld: false);
    }

    private void Told(in ObservedTask task, in ResolvedPath from, in ResolvedPath to, bool keepsOld) => emit(new FileRenamed
    {
        Process = task.Process.Number,
        From = from.Path,
        To = to.Path,
        KeepsOld = keepsOld,
    });
}
