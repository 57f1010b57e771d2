using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Names in folders: made, linked, read, renamed, removed.</summary>
public static partial class Files
{
    private const int PathMax = 4096;  // linux/limits.h, PATH_MAX

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    internal static void MakeFolder(SafeFileHandle folder, string name, int mode) =>
        Check(TryMakeFolder(folder, name, mode), "mkdirat", name);

    internal static Errno TryMakeFolder(SafeFileHandle folder, string name, int mode) =>
        Result(mkdirat(folder, name, (uint)mode));

    internal static void Link(SafeFileHandle from, string fromName, SafeFileHandle to, string toName) =>
        Check(TryLink(from, fromName, to, toName), "linkat", toName);

    /// <summary>A hard link; a symbolic link under the old name is linked itself, not followed.</summary>
    internal static Errno TryLink(SafeFileHandle from, string fromName, SafeFileHandle to, string toName) =>
        Result(linkat(from, fromName, to, toName, 0));

    /// <summary>A symbolic link.</summary>
    internal static void MakeLink(SafeFileHandle folder, string name, string target) =>
        Check(Result(symlinkat(target, folder, name)), "symlinkat", name);

    /// <param name="link">A folder, or with the empty name the link itself, opened with O_PATH.</param>
    internal static unsafe string ReadLink(SafeFileHandle link, string name)
    {
        Span<byte> buffer = stackalloc byte[PathMax];
        nint length;
        fixed (byte* start = buffer) length = readlinkat(link, name, start, (nuint)buffer.Length);
        Check(Result(length), "readlinkat", name);
        return Encoding.UTF8.GetString(buffer[..(int)length]);
    }

    internal static void MakeFifo(SafeFileHandle folder, string name, int mode) =>
        Check(Result(mkfifoat(folder, name, (uint)mode)), "mkfifoat", name);

    internal static void Remove(SafeFileHandle folder, string name) =>
        Check(TryRemove(folder, name), "unlinkat", name);

    internal static Errno TryRemove(SafeFileHandle folder, string name) => Result(unlinkat(folder, name, 0));

    internal static void RemoveFolder(SafeFileHandle folder, string name) =>
        Check(TryRemoveFolder(folder, name), "rmdir", name);

    /// <summary>Only an empty folder can be removed.</summary>
    internal static Errno TryRemoveFolder(SafeFileHandle folder, string name) =>
        Result(unlinkat(folder, name, AT_REMOVEDIR));

    /// <summary>Renames, and replaces what is there as rename(2) does.</summary>
    internal static void Rename(SafeFileHandle from, string fromName, SafeFileHandle to, string toName) =>
        Check(TryRename(from, fromName, to, toName), "renameat", toName);

    internal static Errno TryRename(SafeFileHandle from, string fromName, SafeFileHandle to, string toName) =>
        Result(renameat(from, fromName, to, toName));

    /// <summary>Gives a name that is not UTF-8 another.</summary>
    /// <param name="folder">Which holds both.</param>
    /// <param name="latin1">As <see cref="List"/> tells of it.</param>
    /// <param name="name">The other.</param>
    internal static void RenameOdd(SafeFileHandle folder, string latin1, string name) =>
        Check(Result(renameat(folder, [.. Encoding.Latin1.GetBytes(latin1), 0], folder, name)), "renameat", latin1);

    /// <summary>Renames unless the new name is taken: EEXIST.</summary>
    /// <remarks>Where the kernel or the file system has no RENAME_NOREPLACE (NFS), looks first; two at once may then both succeed.</remarks>
    internal static Errno TryRenameNew(SafeFileHandle from, string fromName, SafeFileHandle to, string toName)
    {
        var error = Result(renameat2(from, fromName, to, toName, RENAME_NOREPLACE));
        if (error is not (Errno.ENOSYS or Errno.EINVAL)) return error;
        if (TryStatus(to, toName, out _) == Errno.None) return Errno.EEXIST;
        return TryRename(from, fromName, to, toName);
    }

    /// <summary>Everything in a folder but <c>.</c> and <c>..</c>, in the order of the file system.</summary>
    /// <param name="folder">Opened for reading; its position is moved, so each handle lists once.</param>
    /// <param name="subject">How an error names the folder.</param>
    /// <param name="notUtf8">Told of each name that is not UTF-8, as Latin-1, which is then left out; null to throw.</param>
    /// <exception cref="InvalidDataException">A name is not UTF-8.</exception>
    internal static unsafe List<FolderItem> List(SafeFileHandle folder, string subject, Action<string>? notUtf8 = null)
    {
        const int BufferSize = 64 * 1024;
        var items = new List<FolderItem>();
        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            long length;
            fixed (byte* start = buffer) length = getdents64(SYS_getdents64, folder, start, BufferSize);
            Check(Result(length), "getdents64", subject);
            if (length == 0) return items;
            AddItems(buffer.AsSpan(0, (int)length), items, subject, notUtf8);
        }
    }

    // getdents64(2), struct linux_dirent64: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name with a NUL at its end.
    private static void AddItems(
        ReadOnlySpan<byte> records, List<FolderItem> items, string subject, Action<string>? notUtf8)
    {
        const int ReclenAt = 16, TypeAt = 18, NameAt = 19;
        while (!records.IsEmpty)
        {
            int size = MemoryMarshal.Read<ushort>(records[ReclenAt..]);
            var name = records[NameAt..size];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                if (Decode(name, subject, notUtf8) is { } decoded) items.Add(new(decoded, records[TypeAt]));
            }
            records = records[size..];
        }
    }

    private static string? Decode(ReadOnlySpan<byte> name, string subject, Action<string>? notUtf8)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (ArgumentException)
        {
            string shown = Encoding.Latin1.GetString(name);
            if (notUtf8 is null) throw new InvalidDataException($"name '{shown}' in '{subject}' is not UTF-8");
            notUtf8(shown);
            return null;
        }
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdirat(SafeFileHandle dirfd, string pathname, uint mode);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int linkat(
        SafeFileHandle olddirfd, string oldpath, SafeFileHandle newdirfd, string newpath, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int symlinkat(string target, SafeFileHandle newdirfd, string linkpath);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint readlinkat(SafeFileHandle dirfd, string pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifoat(SafeFileHandle dirfd, string pathname, uint mode);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(SafeFileHandle dirfd, string pathname, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(SafeFileHandle olddirfd, string oldpath, SafeFileHandle newdirfd, string newpath);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(SafeFileHandle olddirfd, byte[] oldpath, SafeFileHandle newdirfd, string newpath);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(
        SafeFileHandle olddirfd, string oldpath, SafeFileHandle newdirfd, string newpath, uint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial long getdents64(long number, SafeFileHandle fd, byte* dirp, nuint count);
}
