using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>The tar of a folder, made while it is read. It is read once, forwards.</summary>
internal sealed class FolderTarStream(SafeFileHandle root, string folder, IReadOnlyList<PackedEntry> entries) : Stream
{
    /// <summary>POSIX.1-2017 pax: an archive ends with two blocks of zeros.</summary>
    private const int EndBytes = 2 * TarHeader.BlockBytes;

    private readonly FolderHandles _folders = new(root);
    private int _next;
    private ReadOnlyMemory<byte> _pending;
    private SafeFileHandle? _file;
    private long _offset;
    private long _zeros;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private PackedEntry Current => entries[_next - 1];

    public override int Read(Span<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = ReadSome(buffer[filled..]);
            if (read == 0)
                break;
            filled += read;
        }

        return filled;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
            _folders.Dispose();
            root.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <returns>0 only at the end.</returns>
    private int ReadSome(Span<byte> buffer)
    {
        while (true)
        {
            if (!_pending.IsEmpty)
                return TakePending(buffer);
            if (_file is not null)
                return ReadFile(buffer);
            if (_zeros > 0)
                return TakeZeros(buffer);
            if (_ended)
                return 0;
            if (_next < entries.Count)
                Begin(entries[_next++]);
            else
                (_zeros, _ended) = (EndBytes, true);
        }
    }

    private int TakePending(Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, _pending.Length);
        _pending.Span[..length].CopyTo(buffer);
        _pending = _pending[length..];
        return length;
    }

    private int TakeZeros(Span<byte> buffer)
    {
        int length = (int)Math.Min(buffer.Length, _zeros);
        buffer[..length].Clear();
        _zeros -= length;
        return length;
    }

    private void Begin(PackedEntry entry)
    {
        var status = entry.Status;
        bool isOpened = status.IsFile || (status.IsFolder && !entry.IsPlain);
        if (entry.HardLinkTo is not null || !isOpened)
        {
            _pending = TarHeader.Write(entry, []);
            return;
        }

        var file = Open(entry);
        _pending = TarHeader.Write(entry, entry.IsPlain ? [] : XattrsOf(file, entry.Path));
        if (status.IsFile && status.Size > 0)
            (_file, _offset) = (file, 0);
        else
            file.Dispose();
    }

    private SafeFileHandle Open(PackedEntry entry)
    {
        if (entry.Path.Length == 0)
            return Files.Open(root, ".", Files.O_RDONLY | Files.O_DIRECTORY);
        var (parent, name) = _folders.Split(entry.Path);
        // O_NONBLOCK: should a fifo stand there by now, we would wait for it for ever.
        var error = Files.TryOpen(parent, name, Files.O_RDONLY | Files.O_NONBLOCK, 0, out var file);
        if (error is Errno.ENOENT or Errno.ELOOP)
            throw Changed(entry);
        if (error != Errno.None)
            throw new SyscallException("openat", $"{folder}/{entry.Path}", error);
        var found = Files.Status(file);
        if (found.Inode == entry.Status.Inode && found.Type == entry.Status.Type)
            return file;
        file.Dispose();
        throw Changed(entry);
    }

    private int ReadFile(Span<byte> buffer)
    {
        long size = Current.Status.Size;
        var wanted = buffer[..(int)Math.Min(buffer.Length, size - _offset)];
        int read = Files.Read(_file!, wanted, _offset, Current.Path);
        if (read == 0)
            throw Changed(Current);
        _offset += read;
        if (_offset == size)
            EndFile();
        return read;
    }

    private void EndFile()
    {
        var found = Files.Status(_file!);
        _file!.Dispose();
        _file = null;
        _zeros = TarHeader.Padded(_offset) - _offset;
        if (found.Size != _offset || found.Modified != Current.Status.Modified)
            throw Changed(Current);
    }

    private FileChangedException Changed(PackedEntry entry) =>
        new(entry.Path, $"folder '{folder}': file '{entry.Path}' changed while it was read");

    private static List<Xattr> XattrsOf(SafeFileHandle file, string path)
    {
        var xattrs = new List<Xattr>();
        foreach (string name in Files.ListXattrs(file, path))
        {
            if (Xattr.BelongsToImage(name) && Files.FindXattr(file, name, path) is { } value)
                xattrs.Add(new Xattr(name, value));
        }

        return xattrs;
    }
}
