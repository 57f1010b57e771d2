using System.Buffers.Binary;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Images.Tar;

namespace Provenance.Archive.Images.Tree;

/// <summary>Lays the tars of an image's layers over each other, hashing every file on the way.</summary>
internal sealed class LayerReader(ITreeWriter? writer, ImportLimits limits, PackageCollector? packages = null)
{
    /// <summary>Source: OCI image-spec v1.1.1, layer.md#whiteouts.</summary>
    private const string Whiteout = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    /// <summary>aufs's own files, which old versions of Docker left in layers.</summary>
    private const string AufsPrefix = ".wh..wh.";

    /// <summary>Where aufs kept files with several names: layers have hard links into it, images must not show it.</summary>
    private const string AufsLinks = ".wh..wh.plnk";

    private const int LinkMode = 0x1FF; // 0777

    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly Dictionary<ushort, int> _machines = [];
    private long _layerBytes;
    private long _layerLimit;

    public ImageTree Tree { get; } = new(writer, limits);

    /// <summary>Entries read so far, of all layers.</summary>
    public long Entries { get; private set; }

    /// <summary>Contents read so far, of all layers, holes included, in bytes.</summary>
    public long UnpackedBytes { get; private set; }

    /// <summary>The machine that most ELF files are for, as e_machine has it; null when there are none.</summary>
    public ushort? ElfMachine => _machines.Count == 0 ? null : _machines.MaxBy(pair => (pair.Value, pair.Key)).Key;

    /// <summary>Reads the next layer up, to the end mark of its tar.</summary>
    /// <param name="tar">Not compressed.</param>
    /// <param name="packedBytes">Size of the layer as it came, in bytes; null when it is not known.</param>
    /// <param name="mustEnd">Whether the end mark must be there: nothing else would tell that the layer was cut off.</param>
    /// <param name="cancellation">Looked at before each entry.</param>
    public void Read(Stream tar, long? packedBytes, bool mustEnd, CancellationToken cancellation)
    {
        var reader = new TarReader(tar, limits.MaxHeaderBytes);
        Tree.BeginLayer();
        _layerBytes = 0;
        _layerLimit = Math.Max(limits.FreeExpansionBytes, (packedBytes ?? long.MaxValue / limits.MaxExpansion) * limits.MaxExpansion);
        while (reader.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++Entries > limits.MaxEntries)
            {
                throw new HostileImageException($"image: has more than {limits.MaxEntries} entries");
            }

            Apply(entry, reader);
        }

        if (mustEnd && !reader.HasEndMark)
        {
            throw new HostileImageException("tar: ends without its end mark, so it may have been cut off");
        }

        Tree.Hide(TreePath.Root.Child(AufsLinks), ofThisLayerToo: true);
    }

    private void Apply(TarEntry entry, TarReader reader)
    {
        var path = TreePath.Parse(entry.Name);
        string name = path.Name;
        bool inAufsLinks = path.ToString().StartsWith(AufsLinks, StringComparison.Ordinal);
        if (name.StartsWith(Whiteout, StringComparison.Ordinal) && !inAufsLinks)
        {
            ApplyWhiteout(path, name);
            return;
        }

        switch (entry.Kind)
        {
            case TarEntryKind.Folder:
                Tree.PutFolder(path, Metadata(entry));
                break;
            case TarEntryKind.File:
                ApplyFile(path, entry, reader);
                break;
            case TarEntryKind.SymbolicLink:
                ApplyLink(path, entry);
                break;
            case TarEntryKind.HardLink:
                Tree.PutHardLink(path, TreePath.Parse(entry.LinkTarget));
                break;
            default:
                ApplyDevice(path, entry);
                break;
        }
    }

    private void ApplyWhiteout(TreePath path, string name)
    {
        if (name == OpaqueWhiteout)
        {
            Tree.HideContent(path.Parent);
            return;
        }

        if (name.StartsWith(AufsPrefix, StringComparison.Ordinal))
        {
            return;
        }

        string hidden = name[Whiteout.Length..];
        if (hidden is "" or "." or "..")
        {
            throw new HostileImageException($"path {TreePath.Quote(path.ToString())}: is a whiteout of nothing");
        }

        Tree.Hide(path.Parent.Child(hidden), ofThisLayerToo: false);
    }

    private void ApplyFile(TreePath path, TarEntry entry, TarReader reader)
    {
        CheckSize(entry);
        var metadata = Metadata(entry);
        var (node, place) = Tree.Put(path, TreeEntryType.File, metadata, null, 0, 0);
        var format = packages?.Find(place);
        using var content = new FileContentStream(reader.Read, entry.Size, format?.BytesOf(entry.Size) ?? 0);
        writer?.WriteFile(place, metadata, content);
        while (content.Read(_buffer) > 0)
        {
            // What the writer left, or all of it, is hashed.
        }

        node.Hash = content.Hash;
        if (format is not null)
        {
            packages!.Read(format, content.Hash, content.Kept, entry.Size);
        }

        NoteMachine(content.Head);
    }

    private void CheckSize(TarEntry entry)
    {
        UnpackedBytes += entry.Size;
        _layerBytes += entry.Size;
        // :: Both can be said only after this: Size is at most 2^63-1, and the sums were below the limits before.
        if (UnpackedBytes < 0 || UnpackedBytes > limits.MaxUnpackedBytes)
        {
            throw new HostileImageException($"image: its files have more than {limits.MaxUnpackedBytes} bytes");
        }

        if (_layerBytes > _layerLimit)
        {
            throw new HostileImageException($"layer: its files have more than {_layerLimit} bytes");
        }
    }

    private void ApplyLink(TreePath path, TarEntry entry)
    {
        string target = entry.LinkTarget;
        if (target.Length is 0 or > TreePath.MaxBytes || target.Contains('\0', StringComparison.Ordinal))
        {
            throw new HostileImageException($"link {TreePath.Quote(path.ToString())}: its target is empty, too long, or holds a NUL");
        }

        var metadata = Metadata(entry) with { Mode = LinkMode };
        var (_, place) = Tree.Put(path, TreeEntryType.Link, metadata, target, 0, 0);
        writer?.WriteLink(place, metadata, target);
    }

    private void ApplyDevice(TreePath path, TarEntry entry)
    {
        var type = entry.Kind switch
        {
            TarEntryKind.CharacterDevice => TreeEntryType.CharacterDevice,
            TarEntryKind.BlockDevice => TreeEntryType.BlockDevice,
            _ => TreeEntryType.Fifo,
        };
        var metadata = Metadata(entry);
        var (_, place) = Tree.Put(path, type, metadata, null, entry.DeviceMajor, entry.DeviceMinor);
        writer?.WriteDevice(place, metadata, type, entry.DeviceMajor, entry.DeviceMinor);
    }

    private static FileMetadata Metadata(TarEntry entry) => new()
    {
        Mode = entry.Mode,
        UserId = Owner(entry.UserId, entry),
        GroupId = Owner(entry.GroupId, entry),
        ModifiedNanoseconds = entry.ModifiedNanoseconds,
        Size = entry.Size,
        Xattrs = entry.Xattrs.Count == 0 ? [] : OfImage(entry),
    };

    private static Xattr[] OfImage(TarEntry entry)
    {
        Xattr[] xattrs = [.. entry.Xattrs
            .Where(xattr => Xattr.BelongsToImage(xattr.Name))
            .OrderBy(xattr => xattr.Name, StringComparer.Ordinal)];
        return xattrs.Any(xattr => xattr.Name.Length > TreePath.MaxNameBytes || xattr.Name.Contains('\0', StringComparison.Ordinal))
            ? throw new HostileImageException($"path {TreePath.Quote(entry.Name)}: an extended attribute has no possible name")
            : xattrs;
    }

    private static long Owner(long id, TarEntry entry) => id is >= 0 and < uint.MaxValue
        ? id
        : throw new HostileImageException($"path {TreePath.Quote(entry.Name)}: owner {id} is out of range");

    /// <summary>Counts what machines the programs are for. Source: System V gABI, "ELF Header".</summary>
    private void NoteMachine(ReadOnlySpan<byte> head)
    {
        if (head.Length < 20 || !head.StartsWith("\u007fELF"u8))
        {
            return;
        }

        bool little = head[5] == 1;
        ushort machine = little
            ? BinaryPrimitives.ReadUInt16LittleEndian(head[18..])
            : BinaryPrimitives.ReadUInt16BigEndian(head[18..]);
        _machines[machine] = _machines.GetValueOrDefault(machine) + 1;
    }
}
