using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>Writes an /etc/ld.so.cache of the new form, as glibc's dl-cache.h has it.</summary>
internal static class CacheBytes
{
    public static byte[] Of(params (string Name, string Path)[] entries)
    {
        const int Header = 48, Entry = 24;
        byte[] table = new byte[Header + (Entry * entries.Length)];
        using var strings = new MemoryStream();
        "glibc-ld.so.cache1.1"u8.CopyTo(table);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(20), entries.Length);
        foreach (var (i, (name, path)) in entries.Index())
        {
            var entry = table.AsSpan(Header + (i * Entry));
            BinaryPrimitives.WriteInt32LittleEndian(entry, 0x303);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], Add(name));
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], Add(path));
        }

        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(24), (int)strings.Length);
        return [.. table, .. strings.ToArray()];

        int Add(string text)
        {
            int at = table.Length + (int)strings.Position;
            strings.Write(Encoding.UTF8.GetBytes(text + '\0'));
            return at;
        }
    }
}
