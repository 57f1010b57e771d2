using System.Globalization;
using System.Text;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Headers of a tar in which nothing depends on when or by whom it was packed.</summary>
/// <remarks>
/// POSIX.1-2017 pax, "ustar Interchange Format" and "pax Header Block". System.Formats.Tar puts the process number into the name of
/// each extended header. An extended header is written only for what ustar cannot say; owners are numbers, their names are empty.
/// </remarks>
internal static class TarHeader
{
    public const int BlockBytes = 512;

    private const int NameBytes = 100;
    private const int MaxId = 0x1F_FFFF;            // seven octal digits
    private const long MaxNumber = 0x1_FFFF_FFFF;   // eleven octal digits

    /// <summary>All that goes before the content of an entry, in whole blocks.</summary>
    public static byte[] Write(PackedEntry entry, IReadOnlyList<Xattr> xattrs)
    {
        string name = NameOf(entry);
        string link = entry.HardLinkTo ?? entry.Target ?? "";
        var extended = Extended(entry, name, link, xattrs);
        var header = new MemoryStream();
        if (extended.Count > 0)
        {
            byte[] records = [.. extended.SelectMany(record => Record(record.Key, record.Value))];
            header.Write(Block("PaxHeaders", 'x', records.Length, "", default));
            header.Write(records);
            header.SetLength(Padded(header.Length));
            header.Position = header.Length;
        }

        header.Write(Block(name, TypeOf(entry), SizeOf(entry), link, entry.Status));
        return header.ToArray();
    }

    /// <summary>Rounded up to whole blocks.</summary>
    public static long Padded(long bytes) => (bytes + BlockBytes - 1) / BlockBytes * BlockBytes;

    /// <summary>Size of the content that follows, in bytes.</summary>
    public static long SizeOf(PackedEntry entry) =>
        entry.Status.IsFile && entry.HardLinkTo is null ? entry.Status.Size : 0;

    private static string NameOf(PackedEntry entry)
    {
        if (entry.Path.Length == 0)
            return "./";
        return entry.Status.IsFolder ? entry.Path + "/" : entry.Path;
    }

    private static char TypeOf(PackedEntry entry)
    {
        if (entry.HardLinkTo is not null)
            return '1';
        return entry.Status.Type switch
        {
            Files.S_IFREG => '0',
            Files.S_IFLNK => '2',
            Files.S_IFCHR => '3',
            Files.S_IFBLK => '4',
            Files.S_IFDIR => '5',
            Files.S_IFIFO => '6',
            _ => throw new RuntimeException($"file '{entry.Path}': unknown type {entry.Status.Type:x}"),
        };
    }

    private static SortedDictionary<string, byte[]> Extended(
        PackedEntry entry, string name, string link, IReadOnlyList<Xattr> xattrs)
    {
        var records = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var status = entry.Status;
        if (!FitsName(name))
            records["path"] = Encoding.UTF8.GetBytes(name);
        if (!FitsName(link))
            records["linkpath"] = Encoding.UTF8.GetBytes(link);
        if (SizeOf(entry) > MaxNumber)
            records["size"] = Text(SizeOf(entry));
        if (status.Owner > MaxId)
            records["uid"] = Text(status.Owner);
        if (status.Group > MaxId)
            records["gid"] = Text(status.Group);
        if (status.Modified.Nanoseconds != 0 || status.Modified.Seconds is < 0 or > MaxNumber)
            records["mtime"] = Encoding.ASCII.GetBytes(Seconds(status.Modified));
        foreach (var xattr in xattrs)
            records["SCHILY.xattr." + xattr.Name] = xattr.Value.ToArray();
        return records;
    }

    private static bool FitsName(string name) => name.Length <= NameBytes && Ascii.IsValid(name);

    private static byte[] Text(long number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A decimal number; nanoseconds count upwards from the second, also before 1970.</summary>
    private static string Seconds(FileTime time)
    {
        const int PerSecond = 1_000_000_000;
        bool negative = time.Seconds < 0;
        long whole = negative && time.Nanoseconds > 0 ? time.Seconds + 1 : time.Seconds;
        int fraction = negative && time.Nanoseconds > 0 ? PerSecond - time.Nanoseconds : time.Nanoseconds;
        string text = string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "")}{Math.Abs(whole)}");
        return fraction == 0 ? text : $"{text}.{fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    /// <summary>"%d %s=%s\n": the length counts its own digits.</summary>
    private static byte[] Record(string key, byte[] value)
    {
        int rest = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
        int length = rest + Digits(rest);
        length = rest + Digits(length);
        return [.. Encoding.UTF8.GetBytes($"{length} {key}="), .. value, (byte)'\n'];
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Block(string name, char type, long size, string link, FileStatus status)
    {
        byte[] block = new byte[BlockBytes];
        Put(block, 0, NameBytes, name);
        PutOctal(block, 100, 8, status.Mode);
        PutOctal(block, 108, 8, status.Owner <= MaxId ? status.Owner : 0);
        PutOctal(block, 116, 8, status.Group <= MaxId ? status.Group : 0);
        PutOctal(block, 124, 12, size <= MaxNumber ? size : 0);
        PutOctal(block, 136, 12, status.Modified.Seconds is >= 0 and <= MaxNumber ? status.Modified.Seconds : 0);
        Put(block, 148, 8, "        ");
        block[156] = (byte)type;
        Put(block, 157, NameBytes, link);
        Put(block, 257, 8, "ustar\000");
        PutOctal(block, 329, 8, status.DeviceMajor);
        PutOctal(block, 337, 8, status.DeviceMinor);
        // The sum is taken with spaces in its own place: six digits, NUL, space.
        PutOctal(block, 148, 7, block.Sum(one => one));
        return block;
    }

    /// <summary>A name that does not fit is cut: the whole one stands in the extended header.</summary>
    private static void Put(byte[] block, int at, int length, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(block.AsSpan(at));
    }

    private static void PutOctal(byte[] block, int at, int length, long number) =>
        Put(block, at, length, Convert.ToString(number, 8).PadLeft(length - 1, '0') + "\0");
}
