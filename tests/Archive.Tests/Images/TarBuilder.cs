using System.Text;

namespace Provenance.Archive.Tests.Images;

/// <summary>Writes tars byte by byte, also such as no tool would.</summary>
public sealed class TarBuilder
{
    private readonly List<byte> _bytes = [];

    public static TarBuilder New() => new();

    public TarBuilder Folder(string name, int mode = 0x1ED) => Entry('5', name, [], mode: mode);

    public TarBuilder File(string name, string content = "", int mode = 0x1A4) =>
        Entry('0', name, Encoding.UTF8.GetBytes(content), mode: mode);

    public TarBuilder Link(string name, string target) => Entry('2', name, [], target, 0x1FF);

    public TarBuilder HardLink(string name, string target) => Entry('1', name, [], target);

    public TarBuilder Device(string name, char type) => Entry(type, name, []);

    public TarBuilder Pax(params (string Key, string Value)[] records) => Pax('x', records);

    public TarBuilder Pax(char type, params (string Key, string Value)[] records) =>
        Entry(type, "pax", [.. records.SelectMany(record => Record(record.Key, Encoding.UTF8.GetBytes(record.Value)))]);

    public TarBuilder PaxBytes(string key, byte[] value) => Entry('x', "pax", Record(key, value));

    public TarBuilder Entry(
        char type, string name, byte[] content, string target = "", int mode = 0x1A4, long? size = null, bool goodChecksum = true)
    {
        byte[] header = new byte[512];
        Put(header, 0, 100, name);
        Put(header, 100, 8, Octal(mode, 7));
        Put(header, 108, 8, Octal(0, 7));
        Put(header, 116, 8, Octal(0, 7));
        Put(header, 124, 12, Octal(size ?? content.Length, 11));
        Put(header, 136, 12, Octal(1_500_000_000, 11));
        header[156] = (byte)type;
        Put(header, 157, 100, target);
        Put(header, 257, 8, "ustar\000");
        if (type is '3' or '4')
        {
            Put(header, 329, 8, Octal(1, 7));
            Put(header, 337, 8, Octal(3, 7));
        }

        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, 8, Octal(header.Sum(value => value) + (goodChecksum ? 0 : 1), 6) + "\0 ");
        return Raw(header).Raw(content).Raw(new byte[-content.Length & 511]);
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] WithoutEnd() => [.. _bytes];

    public byte[] Build() => [.. _bytes, .. new byte[1024]];

    private static byte[] Record(string key, byte[] value)
    {
        byte[] body = [(byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n'];
        int length = body.Length;
        while (length != body.Length + length.ToString().Length)
        {
            length = body.Length + length.ToString().Length;
        }

        return [.. Encoding.ASCII.GetBytes(length.ToString()), .. body];
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int offset, int length, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(header.AsSpan(offset));
    }
}
