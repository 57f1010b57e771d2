using System.Buffers.Binary;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Which other file a program needs to be started: a script's <c>#!</c>, or an ELF file's PT_INTERP.</summary>
/// <remarks>Sources: execve(2), elf(5). What it finds is remembered by the file's identity, since a shell starts the same few.</remarks>
internal sealed unsafe class InterpreterFinder
{
    /// <summary>What the kernel itself reads of a file to find out what it is: linux/binfmts.h, BINPRM_BUF_SIZE.</summary>
    private const int HeadBytes = 256;

    private const int MostRemembered = 1024, MostSegments = 64, PT_INTERP = 3;

    private readonly Dictionary<(ulong, ulong, long, FileTime), Found> _known = [];

    /// <summary>What the file is; the descriptor may be one that can only be looked at (O_PATH).</summary>
    public Found Find(int descriptor, FileStatus status)
    {
        var key = (status.FileSystem, status.Inode, status.Size, status.Changed);
        if (_known.TryGetValue(key, out var found))
            return found;
        found = Read(descriptor);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known.Add(key, found);
        return found;
    }

    private static Found Read(int descriptor)
    {
        int file = Open(descriptor);
        if (file < 0)
            return new Found(null, false);
        try
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            head = head[..Fill(file, head, 0)];
            if (head.StartsWith("#!"u8))
                return new Found(Script(head[2..]), true);
            return head.StartsWith("\u007fELF"u8) ? new Found(Elf(file, head), false) : new Found(null, false);
        }
        finally
        {
            _ = Libc.close(file);
        }
    }

    private static int Open(int descriptor)
    {
        Span<byte> name = stackalloc byte[64];
        name[Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}", name)] = 0;
        fixed (byte* start = name)
            return Libc.openat(Libc.AT_FDCWD, start, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_CLOEXEC, 0);
    }

    private static byte[]? Script(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end]).Trim(" \t"u8);
        int space = line.IndexOfAny((byte)' ', (byte)'\t', (byte)0);
        line = space < 0 ? line : line[..space];
        return line.IsEmpty ? null : line.ToArray();
    }

    private static byte[]? Elf(int file, ReadOnlySpan<byte> head)
    {
        bool wide = head.Length > 4 && head[4] == 2;
        if (head.Length < (wide ? 64 : 52) || head[5] != 1)
            return null;
        long table = wide ? BinaryPrimitives.ReadInt64LittleEndian(head[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        int entryBytes = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 54 : 42)..]);
        int count = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 56 : 44)..]), MostSegments);
        Span<byte> entry = stackalloc byte[wide ? 56 : 32];
        for (int i = 0; i < count; i++)
        {
            if (Fill(file, entry, table + (i * entryBytes)) < entry.Length)
                return null;
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == PT_INTERP)
                return Interpreter(file, entry, wide);
        }
        return null;
    }

    private static byte[]? Interpreter(int file, ReadOnlySpan<byte> entry, bool wide)
    {
        long offset = wide ? BinaryPrimitives.ReadInt64LittleEndian(entry[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        long size = wide ? BinaryPrimitives.ReadInt64LittleEndian(entry[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
        if (size is < 2 or > PathResolver.MaxPathBytes)
            return null;
        byte[] path = new byte[size];
        if (Fill(file, path, offset) < size)
            return null;
        int end = Array.IndexOf(path, (byte)0);
        return end < 1 ? null : path[..end];
    }

    private static int Fill(int file, Span<byte> into, long offset)
    {
        fixed (byte* start = into)
            return (int)Math.Max(Libc.pread(file, start, (nuint)into.Length, (nint)offset), 0);
    }

    /// <summary>An interpreter as the file names it, null for none; a script's may itself be a script.</summary>
    internal readonly record struct Found(byte[]? Interpreter, bool IsScript);
}
