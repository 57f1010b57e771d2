using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Provenance.Archive.Images.Tar;

/// <summary>What extension headers said of the entry that follows. Values are bytes: attributes hold any.</summary>
/// <remarks>Sources: POSIX.1-2024, pax, "pax Extended Header"; GNU tar manual, "Sparse Formats"; star(5) and libarchive for attributes.</remarks>
internal sealed class PaxRecords
{
    private const string StarXattr = "SCHILY.xattr.";
    private const string LibarchiveXattr = "LIBARCHIVE.xattr.";

    private readonly Dictionary<string, byte[]> _values = [];

    /// <summary>Offsets and lengths in turn, from GNU sparse format 0.0, where the same keys come again and again.</summary>
    public List<long> SparseMap { get; } = [];

    public bool IsEmpty => _values.Count == 0 && SparseMap.Count == 0;

    public void Clear()
    {
        _values.Clear();
        SparseMap.Clear();
    }

    /// <summary>Lays these over what an earlier header said; an empty value takes the earlier one away.</summary>
    /// <exception cref="HostileImageException">The bytes are no records.</exception>
    public void Add(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            // "%d %s=%s\n": the number counts the whole record, itself included.
            if (!Utf8Parser.TryParse(records, out int length, out int digits)
                || length <= digits + 2 || length > records.Length
                || records[digits] != ' ' || records[length - 1] != '\n')
            {
                throw new HostileImageException("tar: an extended header has a malformed record");
            }

            var record = records[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw new HostileImageException("tar: an extended header has a record without a key");
            }

            Set(Utf8(record[..equals], "attribute"), record[(equals + 1)..]);
            records = records[length..];
        }
    }

    /// <summary>What global headers said holds where this entry says nothing.</summary>
    public void AddDefaults(PaxRecords global)
    {
        foreach (var (key, value) in global._values)
        {
            _values.TryAdd(key, value);
        }
    }

    public void SetText(string key, ReadOnlySpan<byte> value) => _values[key] = value.ToArray();

    public byte[]? Bytes(string key) => _values.TryGetValue(key, out byte[]? value) && value.Length > 0 ? value : null;

    public long? Integer(string key)
    {
        if (Bytes(key) is not { } value)
        {
            return null;
        }

        return Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length
            ? number
            : throw new HostileImageException($"tar: '{key}' in an extended header is no number");
    }

    /// <summary>A time in decimal seconds, as nanoseconds; digits beyond are cut off.</summary>
    public long? Nanoseconds(string key)
    {
        if (Bytes(key) is not { } value)
        {
            return null;
        }

        const decimal PerSecond = 1_000_000_000m;
        string text = Encoding.Latin1.GetString(value);
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, null, out decimal seconds)
            || Math.Abs(seconds) > long.MaxValue / PerSecond)
        {
            throw new HostileImageException($"tar: '{key}' in an extended header is no time");
        }

        return (long)Math.Floor(seconds * PerSecond);
    }

    public IReadOnlyList<Xattr> Xattrs()
    {
        List<Xattr>? xattrs = null;
        foreach (var (key, value) in _values)
        {
            if (key.StartsWith(StarXattr, StringComparison.Ordinal))
            {
                (xattrs ??= []).Add(new Xattr(key[StarXattr.Length..], value));
            }
            else if (key.StartsWith(LibarchiveXattr, StringComparison.Ordinal))
            {
                string name = Uri.UnescapeDataString(key[LibarchiveXattr.Length..]);
                // libarchive writes both forms; the one that needs no decoding is enough.
                if (!_values.ContainsKey(StarXattr + name))
                {
                    (xattrs ??= []).Add(new Xattr(name, Base64(value, key)));
                }
            }
        }

        return xattrs is null ? [] : xattrs;
    }

    /// <exception cref="ImageException">The bytes are not UTF-8.</exception>
    public static string Utf8(ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ImageException($"{what} {TreePath.Quote(Encoding.Latin1.GetString(bytes))}: is not UTF-8", e);
        }
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(false, throwOnInvalidBytes: true);

    private void Set(string key, ReadOnlySpan<byte> value)
    {
        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
        {
            _values[key] = value.ToArray();
            // Always in pairs, the offset first.
            bool isOffset = key == "GNU.sparse.offset";
            if (isOffset != (SparseMap.Count % 2 == 0))
            {
                throw new HostileImageException("tar: a sparse map is out of order");
            }

            SparseMap.Add(Integer(key)!.Value);
            _values.Remove(key);
            return;
        }

        _values[key] = value.ToArray();
    }

    /// <summary>libarchive leaves the padding away.</summary>
    private static byte[] Base64(byte[] value, string key)
    {
        string text = Encoding.Latin1.GetString(value).TrimEnd('=');
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out int written)
            ? bytes[..written]
            : throw new HostileImageException($"tar: '{key}' in an extended header is not base64");
    }
}
