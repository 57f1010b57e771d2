using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>
/// Writes, in one go, the lines of which a list may have a million: the very bytes that <see cref="CanonicalJson"/> makes of what the serializer writes,
/// which takes three times as long. Members are written in the order of their names.
/// </summary>
internal sealed class CanonicalLine
{
    private readonly GrowingBuffer _output = new(1024);

    private CanonicalLine() => _output.Write("{"u8);

    /// <exception cref="JsonException">A digest is none, or an enumeration has no such value.</exception>
    /// <exception cref="JsonFormatException">A string has U+0000, or a number is beyond ±(2^53−1).</exception>
    public static byte[] Of(UsedFile file)
    {
        var line = new CanonicalLine();
        line.Add("class"u8, file.Class is { } place ? NameOf(place) : default);
        line.Add(file.Digest);
        line.Add("kept"u8, file.Kept);
        line.Add("kind"u8, NameOf(file.Kind));
        line.Add("linkedTo"u8, file.LinkedTo);
        line.Add("mode"u8, file.Mode);
        line.Add("modified"u8, file.Modified);
        line.Add("notHashed"u8, file.NotHashed);
        line.Add("path"u8, file.Path);
        line.Add("size"u8, file.Size);
        line.Add("target"u8, file.Target);
        line.Add("use"u8, file.Use is { } use ? NameOf(use) : default);
        line.Add("writeAccess"u8, file.WriteAccess);
        return line.Finish();
    }

    /// <inheritdoc cref="Of(UsedFile)"/>
    /// <returns>Null for one with extended attributes: they are few, and written as all else is.</returns>
    public static byte[]? Of(TreeEntry entry)
    {
        if (entry.Xattrs is not null)
        {
            return null;
        }

        var line = new CanonicalLine();
        line.Add("device"u8, entry.Device);
        line.Add("mode"u8, entry.Mode);
        line.Add("path"u8, entry.Path);
        line.AddHex("sha256"u8, entry.Sha256, 32);
        line.Add("size"u8, entry.Size);
        line.Add("target"u8, entry.Target);
        line.Add("type"u8, NameOf(entry.Type));
        return line.Finish();
    }

    private byte[] Finish()
    {
        _output.Write("}"u8);
        return _output.Written.ToArray();
    }

    private void Add(DigestSet? digest)
    {
        if (digest is null)
        {
            return;
        }

        Name("digest"u8);
        _output.Write("{"u8);
        AddHex("md5"u8, digest.Md5, 16);
        AddHex("sha1"u8, digest.Sha1, 20);
        AddHex("sha256"u8, digest.Sha256, 32);
        AddHex("sha512"u8, digest.Sha512, 64);
        _output.Write("}"u8);
    }

    private void AddHex(ReadOnlySpan<byte> name, string? hex, int hashBytes)
    {
        if (hex is not null)
        {
            HexJsonConverter.Check(hex, hashBytes);
            Add(name, hex);
        }
    }

    private void Add(ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new JsonFormatException("a string has the character U+0000");
        }

        Name(name);
        CanonicalText.Write(_output, text);
    }

    /// <param name="name">Of the member.</param>
    /// <param name="word">Of letters alone; empty for none.</param>
    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word)
    {
        if (!word.IsEmpty)
        {
            Name(name);
            _output.Write("\""u8);
            _output.Write(word);
            _output.Write("\""u8);
        }
    }

    private void Add(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } known)
        {
            Name(name);
            _output.Write(known ? "true"u8 : "false"u8);
        }
    }

    private void Add(ReadOnlySpan<byte> name, long? value)
    {
        const int MaxDigits = 20;
        if (value is not { } number)
        {
            return;
        }

        if (number is > CanonicalJson.MaxInteger or < -CanonicalJson.MaxInteger)
        {
            throw new JsonFormatException(string.Create(
                CultureInfo.InvariantCulture, $"the number '{number}' is no integer within ±{CanonicalJson.MaxInteger}"));
        }

        Name(name);
        number.TryFormat(_output.GetSpan(MaxDigits), out int written, default, CultureInfo.InvariantCulture);
        _output.Advance(written);
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        if (_output.Written[^1] != '{')
        {
            _output.Write(","u8);
        }

        _output.Write("\""u8);
        _output.Write(name);
        _output.Write("\":"u8);
    }

    private static ReadOnlySpan<byte> NameOf(FileKind kind) => kind switch
    {
        FileKind.File => "file"u8,
        FileKind.Folder => "folder"u8,
        FileKind.Link => "link"u8,
        FileKind.Fifo => "fifo"u8,
        FileKind.Socket => "socket"u8,
        FileKind.Device => "device"u8,
        _ => throw Unknown("kind", (int)kind),
    };

    private static ReadOnlySpan<byte> NameOf(FileUse use) => use switch
    {
        FileUse.Present => "present"u8,
        FileUse.Read => "read"u8,
        FileUse.Executed => "executed"u8,
        FileUse.Extended => "extended"u8,
        _ => throw Unknown("use", (int)use),
    };

    private static ReadOnlySpan<byte> NameOf(FileClass place) => place switch
    {
        FileClass.Image => "image"u8,
        FileClass.Injected => "injected"u8,
        FileClass.System => "system"u8,
        FileClass.Input => "input"u8,
        FileClass.Configuration => "configuration"u8,
        FileClass.Cache => "cache"u8,
        FileClass.Temporary => "temporary"u8,
        FileClass.Output => "output"u8,
        _ => throw Unknown("class", (int)place),
    };

    private static ReadOnlySpan<byte> NameOf(TreeEntryType type) => type switch
    {
        TreeEntryType.File => "file"u8,
        TreeEntryType.Folder => "folder"u8,
        TreeEntryType.Link => "link"u8,
        TreeEntryType.CharacterDevice => "char"u8,
        TreeEntryType.BlockDevice => "block"u8,
        TreeEntryType.Fifo => "fifo"u8,
        _ => throw Unknown("type", (int)type),
    };

    private static JsonException Unknown(string member, int value) =>
        new(string.Create(CultureInfo.InvariantCulture, $"'{member}' has the unknown value {value}"));
}
