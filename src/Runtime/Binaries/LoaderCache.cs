using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Binaries;

/// <summary>/etc/ld.so.cache: where the dynamic linker finds a library by its name.</summary>
/// <remarks>
/// Source: glibc, sysdeps/generic/dl-cache.h. The old table (magic <c>ld.so-1.7.0</c>) may stand before the new one
/// (<c>glibc-ld.so.cache1.1</c>), whose offsets count from its own start. Both have the host's byte order.
/// </remarks>
internal sealed class LoaderCache
{
    /// <summary>A larger one is not read, in bytes. That of a full desktop has 200 KB.</summary>
    private const long MostBytes = 16 << 20;

    private const int HeaderBytes = 48, EntryBytes = 24, OldHeaderBytes = 16, OldEntryBytes = 12;

    /// <summary>More entries are not looked at. A full desktop has 5,000.</summary>
    private const int MostEntries = 100_000;

    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.Ordinal);

    private LoaderCache()
    {
    }

    /// <summary>Every name in it.</summary>
    public IEnumerable<string> Names => _paths.Keys;

    public static LoaderCache Empty { get; } = new();

    /// <summary>Empty when there is none, or when it is of a form that is not known: as the dynamic linker does.</summary>
    public static LoaderCache Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            long length = RandomAccess.GetLength(file);
            if (length is < HeaderBytes or > MostBytes)
            {
                return Empty;
            }

            byte[] bytes = new byte[length];
            int read = 0, more;
            while (read < bytes.Length && (more = RandomAccess.Read(file, bytes.AsSpan(read), read)) > 0)
            {
                read += more;
            }

            return Parse(bytes.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    /// <inheritdoc cref="Read"/>
    public static LoaderCache Parse(ReadOnlySpan<byte> bytes)
    {
        bytes = SkipOld(bytes);
        if (!bytes.StartsWith("glibc-ld.so.cache1.1"u8) || bytes.Length < HeaderBytes)
        {
            return Empty;
        }

        var cache = new LoaderCache();
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        count = Math.Min(Math.Min(count, MostEntries), (uint)(bytes.Length - HeaderBytes) / EntryBytes);
        for (int i = 0; i < count; i++)
        {
            // struct file_entry_new: flags, offset of the name, offset of the path, osversion, hwcap.
            var entry = bytes.Slice(HeaderBytes + (i * EntryBytes), EntryBytes);
            ulong hwcap = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
            string? name = Text(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            string? path = Text(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
            if (name is { Length: > 0 } && path is not null && path.StartsWith('/'))
            {
                cache.Add(name, path, isVariant: hwcap != 0);
            }
        }

        return cache;
    }

    /// <summary>Of all architectures, in the cache's order; variants for single processors after the common ones.</summary>
    public IReadOnlyList<string> Find(string name) => _paths.GetValueOrDefault(name) ?? [];

    private void Add(string name, string path, bool isVariant)
    {
        if (!_paths.TryGetValue(name, out var paths))
        {
            _paths.Add(name, paths = []);
        }

        if (!isVariant && paths.FindIndex(other => other.Contains("/glibc-hwcaps/", StringComparison.Ordinal)) is >= 0 and var at)
        {
            paths.Insert(at, path);
            return;
        }

        paths.Add(path);
    }

    private static ReadOnlySpan<byte> SkipOld(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("ld.so-1.7.0"u8) || bytes.Length < OldHeaderBytes)
        {
            return bytes;
        }

        ulong end = OldHeaderBytes + (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) * (ulong)OldEntryBytes);
        ulong aligned = (end + 7) & ~7ul;
        return aligned < (ulong)bytes.Length ? bytes[(int)aligned..] : default;
    }

    private static string? Text(ReadOnlySpan<byte> bytes, uint at)
    {
        if (at >= bytes.Length)
        {
            return null;
        }

        int end = bytes[(int)at..].IndexOf((byte)0);
        return end is >= 0 and <= ElfBytes.LongestString ? Encoding.UTF8.GetString(bytes.Slice((int)at, end)) : null;
    }
}
