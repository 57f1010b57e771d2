using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Analysis;

/// <summary>/etc/ld.so.cache: where the dynamic linker finds a library that no path leads to.</summary>
/// <remarks>Source: glibc, sysdeps/generic/dl-cache.h, struct cache_file_new: header of 48 bytes, entries of 24, then the strings.</remarks>
internal sealed class LoaderCache
{
    private const int HeaderBytes = 48, EntryBytes = 24, MostEntries = 100_000;

    private readonly ILookup<string, string> _paths;

    private LoaderCache(IEnumerable<(string Name, string Path)> entries) =>
        _paths = entries.ToLookup(entry => entry.Name, entry => entry.Path, StringComparer.Ordinal);

    private static ReadOnlySpan<byte> Magic => "glibc-ld.so.cache1.1"u8;

    /// <summary>Of processors' variants none: those are looked for beside the library itself.</summary>
    internal IEnumerable<string> Find(string name) => _paths[name];

    /// <summary>Empty for what is no such file, and for entries that point outside it.</summary>
    internal static LoaderCache Parse(ReadOnlySpan<byte> content)
    {
        var entries = new List<(string, string)>();
        int start = content.IndexOf(Magic);
        var cache = start < 0 ? [] : content[start..];
        uint count = cache.Length < HeaderBytes ? 0 : Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(cache[20..]), MostEntries);
        for (int i = 0; i < count && HeaderBytes + ((i + 1) * EntryBytes) <= cache.Length; i++)
        {
            var entry = cache.Slice(HeaderBytes + (i * EntryBytes), EntryBytes);
            string name = Text(cache, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            string path = Text(cache, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
            if (name.Length > 0 && path.StartsWith('/') && !path.Contains("/glibc-hwcaps/", StringComparison.Ordinal))
            {
                entries.Add((name, path));
            }
        }

        return new(entries);
    }

    private static string Text(ReadOnlySpan<byte> cache, uint at)
    {
        if (at >= cache.Length)
        {
            return "";
        }

        var rest = cache[(int)at..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }
}
