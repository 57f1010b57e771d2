namespace Provenance.Archive.Images.Tar;

/// <summary>Reads a tar forwards: v7, ustar, PAX, GNU, star; sparse files of all four GNU forms are given with their holes filled.</summary>
/// <remarks>
/// Not System.Formats.Tar: that throws at GNU sparse entries and at PAX 0.0 maps, and gives files of the 0.1 and 1.0 forms under a made-up
/// name without their holes (.NET 10). It also replaces bytes of a name that are not UTF-8, and then two names can be one.
/// </remarks>
/// <param name="stream">From its position; not disposed of here.</param>
/// <param name="maxHeaderBytes">Of the extension headers of one entry together.</param>
internal sealed class TarReader(Stream stream, int maxHeaderBytes)
{
    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private readonly byte[] _skipped = new byte[1 << 16];
    private readonly PaxRecords _global = new();
    private readonly PaxRecords _pax = new();
    private SparseMap? _sparse;
    private int _extent;
    private long _position;
    private long _remaining;
    private long _unread;
    private int _padding;

    /// <summary>Offset of the next byte to be read, from where the stream stood.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the mark was there that ends a whole archive: two blocks of zeros.</summary>
    public bool HasEndMark { get; private set; }

    /// <summary>Whether the entry has holes, and its data are not one piece of the archive.</summary>
    public bool IsSparse => _sparse is not null;

    /// <summary>Passes over what is unread of the entry before, and reads the next.</summary>
    /// <returns>Null at the end; what follows the end mark is left unread.</returns>
    /// <exception cref="HostileImageException">The archive is malformed or ends within an entry.</exception>
    public TarEntry? Next()
    {
        Skip(_unread + _padding);
        (_unread, _padding, _remaining, _sparse) = (0, 0, 0, null);
        _pax.Clear();
        int extended = 0;
        while (ReadHeader())
        {
            var header = new TarHeader(_block);
            header.Verify();
            if (!IsExtension(header.Type))
            {
                return Entry(header);
            }

            ReadExtension(header, ref extended);
        }

        return _pax.IsEmpty ? null : throw new HostileImageException("tar: ends after an extended header");
    }

    /// <summary>Reads from the file that the entry is. There must be bytes left, by <see cref="TarEntry.Size"/>.</summary>
    public int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, _remaining);
        int read = _sparse is null ? ReadData(buffer[..wanted]) : ReadSparse(_sparse, buffer[..wanted]);
        _remaining -= read;
        _position += read;
        return read;
    }

    private static bool IsExtension(char type) => type is TarHeader.PaxExtended or TarHeader.SolarisExtended
        or TarHeader.PaxGlobal or TarHeader.GnuLongName or TarHeader.GnuLongLink or TarHeader.GnuVolumeLabel;

    private void ReadExtension(TarHeader header, ref int extended)
    {
        long size = header.Size;
        if (size < 0 || size > maxHeaderBytes - extended)
        {
            throw new HostileImageException($"tar: extension headers of more than {maxHeaderBytes} bytes");
        }

        extended += (int)size;
        char type = header.Type;
        byte[] content = new byte[size];
        ReadExactly(content);
        Skip(Padding(size));
        switch (type)
        {
            case TarHeader.PaxGlobal:
                _global.Add(content);
                break;
            case TarHeader.GnuLongName:
                _pax.SetText("path", TrimNul(content));
                break;
            case TarHeader.GnuLongLink:
                _pax.SetText("linkpath", TrimNul(content));
                break;
            case TarHeader.GnuVolumeLabel:
                break;
            default:
                _pax.Add(content);
                break;
        }
    }

    private TarEntry Entry(TarHeader header)
    {
        _pax.AddDefaults(_global);
        string name = PaxRecords.Utf8(_pax.Bytes("GNU.sparse.name") ?? _pax.Bytes("path") ?? header.Name(), "file name");
        var kind = KindOf(header.Type, name);
        var entry = new TarEntry
        {
            Name = name,
            Kind = kind,
            Mode = header.Mode,
            UserId = _pax.Integer("uid") ?? header.UserId,
            GroupId = _pax.Integer("gid") ?? header.GroupId,
            ModifiedNanoseconds = _pax.Nanoseconds("mtime") ?? Nanoseconds(header.ModifiedSeconds),
            Size = 0,
            LinkTarget = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink
                ? PaxRecords.Utf8(_pax.Bytes("linkpath") ?? header.LinkName, "link target")
                : "",
            DeviceMajor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? header.DeviceMajor : 0,
            DeviceMinor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? header.DeviceMinor : 0,
            Xattrs = _pax.Xattrs(),
        };
        return entry with { Size = BeginData(header, kind, name) };
    }

    /// <summary>Finds out what of the archive belongs to the entry.</summary>
    /// <returns>Size of the file it unpacks to, in bytes.</returns>
    private long BeginData(TarHeader header, TarEntryKind kind, string name)
    {
        long packed = _pax.Integer("size") ?? header.Size;
        if (packed < 0)
        {
            throw new HostileImageException($"tar: {TreePath.Quote(name)} has a negative size");
        }

        // Writers put the size of the target into links; there are no data for it (as Go's and GNU's readers have it).
        bool hasData = kind == TarEntryKind.File || header.Type == TarHeader.GnuDumpFolder;
        _unread = hasData ? packed : 0;
        _padding = Padding(_unread);
        _position = 0;
        _extent = 0;
        if (kind != TarEntryKind.File)
        {
            return 0;
        }

        _sparse = ReadSparseMap(header);
        if (_sparse is not null && _sparse.DataBytes > _unread)
        {
            throw new HostileImageException($"tar: {TreePath.Quote(name)} has less data than its sparse map says");
        }

        return _remaining = _sparse?.Size ?? _unread;
    }

    private SparseMap? ReadSparseMap(TarHeader header)
    {
        if (header.Type == TarHeader.GnuSparse)
        {
            long size = header.Number(483, 12, "size of a sparse file");
            return SparseMap.Of(ReadOldSparseMap(header), size);
        }

        if (_pax.Integer("GNU.sparse.major") is { } major)
        {
            return (major, _pax.Integer("GNU.sparse.minor")) is (1, 0)
                ? SparseMap.Of(SparseMap.ReadLines(ReadDataBlock), SparseSize("GNU.sparse.realsize"))
                : throw new HostileImageException("tar: a sparse file of an unknown form");
        }

        if (_pax.Bytes("GNU.sparse.map") is { } map)
        {
            return SparseMap.Of(SparseMap.ParseList(map), SparseSize("GNU.sparse.size"));
        }

        return _pax.SparseMap.Count > 0 ? SparseMap.Of(_pax.SparseMap, SparseSize("GNU.sparse.size")) : null;
    }

    private long SparseSize(string key) => _pax.Integer(key) is { } size and >= 0
        ? size
        : throw new HostileImageException("tar: a sparse file without a size");

    /// <summary>GNU's own format: four extents in the header, then blocks of 21 as long as there are more.</summary>
    private List<long> ReadOldSparseMap(TarHeader header)
    {
        List<long> numbers = [];
        AddExtents(header, 386, 4, numbers);
        bool more = _block[482] != 0;
        while (more)
        {
            ReadExactly(_block);
            AddExtents(new TarHeader(_block), 0, 21, numbers);
            more = _block[504] != 0;
            if (numbers.Count * 12L > maxHeaderBytes)
            {
                throw new HostileImageException($"tar: extension headers of more than {maxHeaderBytes} bytes");
            }
        }

        return numbers;
    }

    private static void AddExtents(TarHeader block, int offset, int count, List<long> numbers)
    {
        for (int i = 0; i < count; i++, offset += 24)
        {
            long start = block.Number(offset, 12, "sparse map");
            long length = block.Number(offset + 12, 12, "sparse map");
            if (start == 0 && length == 0)
            {
                return;
            }

            numbers.Add(start);
            numbers.Add(length);
        }
    }

    private byte[] ReadDataBlock()
    {
        if (_unread < TarHeader.BlockBytes)
        {
            throw new HostileImageException("tar: a sparse map goes beyond its entry");
        }

        byte[] block = new byte[TarHeader.BlockBytes];
        ReadExactly(block);
        _unread -= block.Length;
        return block;
    }

    private int ReadSparse(SparseMap map, Span<byte> buffer)
    {
        while (_extent < map.Extents.Count && map.Extents[_extent].End <= _position)
        {
            _extent++;
        }

        long next = _extent < map.Extents.Count ? map.Extents[_extent].Offset : map.Size;
        if (_position < next)
        {
            int hole = (int)Math.Min(buffer.Length, next - _position);
            buffer[..hole].Clear();
            return hole;
        }

        return ReadData(buffer[..(int)Math.Min(buffer.Length, map.Extents[_extent].End - _position)]);
    }

    private int ReadData(Span<byte> buffer)
    {
        int read = buffer.IsEmpty ? 0 : stream.Read(buffer);
        if (read == 0 && !buffer.IsEmpty)
        {
            throw Truncated();
        }

        Position += read;
        _unread -= read;
        return read;
    }

    /// <returns>False at the end of the archive.</returns>
    private bool ReadHeader()
    {
        int read = stream.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
        Position += read;
        if (read == 0)
        {
            return false;
        }

        if (read < _block.Length)
        {
            throw Truncated();
        }

        if (!new TarHeader(_block).IsZero)
        {
            return true;
        }

        // Two blocks of zeros end an archive; some writers leave it at one.
        read = stream.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
        Position += read;
        HasEndMark = true;
        return _block.AsSpan(0, read).ContainsAnyExcept((byte)0)
            ? throw new HostileImageException("tar: something follows a block of zeros")
            : false;
    }

    private void ReadExactly(Span<byte> buffer)
    {
        if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw Truncated();
        }

        Position += buffer.Length;
    }

    private void Skip(long count)
    {
        if (stream.CanSeek && count > _skipped.Length)
        {
            if (count > stream.Length - stream.Position)
            {
                throw Truncated();
            }

            stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        while (count > 0)
        {
            int part = (int)Math.Min(count, _skipped.Length);
            ReadExactly(_skipped.AsSpan(0, part));
            count -= part;
        }
    }

    private static int Padding(long size) => (int)(-size & (TarHeader.BlockBytes - 1));

    private static ReadOnlySpan<byte> TrimNul(byte[] content)
    {
        int end = content.AsSpan().IndexOf((byte)0);
        return end < 0 ? content : content.AsSpan(0, end);
    }

    private static long Nanoseconds(long seconds) => seconds is > -9_000_000_000 and < 9_000_000_000
        ? seconds * 1_000_000_000
        : throw new HostileImageException($"tar: a time of {seconds} seconds is out of range");

    private static TarEntryKind KindOf(char type, string name) => type switch
    {
        // Before POSIX a folder was told by its name.
        TarHeader.OldFile or TarHeader.File when name.EndsWith('/') => TarEntryKind.Folder,
        TarHeader.OldFile or TarHeader.File or TarHeader.ContiguousFile or TarHeader.GnuSparse => TarEntryKind.File,
        TarHeader.HardLink => TarEntryKind.HardLink,
        TarHeader.SymbolicLink => TarEntryKind.SymbolicLink,
        TarHeader.CharacterDevice => TarEntryKind.CharacterDevice,
        TarHeader.BlockDevice => TarEntryKind.BlockDevice,
        TarHeader.Folder or TarHeader.GnuDumpFolder => TarEntryKind.Folder,
        TarHeader.Fifo => TarEntryKind.Fifo,
        _ => throw new HostileImageException($"tar: {TreePath.Quote(name)} is of an unknown type {TreePath.Quote(type.ToString())}"),
    };

    private static HostileImageException Truncated() => new("tar: ends in the middle of an entry");
}
