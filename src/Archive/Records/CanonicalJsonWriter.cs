using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Provenance.Archive.Records;

/// <summary>Writes JSON values in the form of RFC 8785 as a reader goes over them. The sections in its comments are the RFC's.</summary>
internal sealed class CanonicalJsonWriter(int sizeHint, CanonicalProfile profile)
{
    private static readonly SearchValues<byte> IntegerCharacters = SearchValues.Create("-0123456789"u8);

    // Characters that stand in a JSON string as they are, in one byte each.
    private static readonly SearchValues<byte> Unchanged = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5f).Select(c => (byte)c).Where(c => c is not ((byte)'"' or (byte)'\\'))]);

    private readonly GrowingBuffer _output = new(sizeHint);

    // Of all objects that are being written, the innermost last.
    private readonly List<Member> _members = [];

    public byte[] ToArray() => _output.Written.ToArray();

    /// <summary>Writes the value the reader stands on, and leaves the reader on its last token.</summary>
    public void Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(ref reader);
                break;
            case JsonTokenType.StartArray:
                Array(ref reader);
                break;
            case JsonTokenType.String:
                String(ref reader);
                break;
            case JsonTokenType.Number:
                Number(ref reader);
                break;
            case JsonTokenType.Null when profile == CanonicalProfile.Record:
                throw new JsonFormatException("null is not allowed: what is not known is left out");
            default:
                _output.Write(reader.ValueSpan);
                break;
        }
    }

    private void Array(ref Utf8JsonReader reader)
    {
        _output.Write("["u8);
        for (bool first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
            {
                _output.Write(","u8);
            }

            Value(ref reader);
        }

        _output.Write("]"u8);
    }

    private void Object(ref Utf8JsonReader reader)
    {
        _output.Write("{"u8);
        int start = _output.Length;
        int first = _members.Count;
        bool inOrder = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (_members.Count > first)
            {
                _output.Write(","u8);
            }

            int from = _output.Length;
            String(ref reader);
            var member = new Member(from - start, _output.Length - from);
            inOrder = inOrder && (_members.Count == first || Compare(_members[^1], member, _output.Written[start..]) < 0);
            _output.Write(":"u8);
            reader.Read();
            // Not before the value, which may be an object with members of its own.
            Value(ref reader);
            _members.Add(member with { Length = _output.Length - from });
        }

        if (!inOrder)
        {
            Sort(CollectionsMarshal.AsSpan(_members)[first..], start);
        }

        _members.RemoveRange(first, _members.Count - first);
        _output.Write("}"u8);
    }

    /// <summary>§3.2.3: members in the order of their names' UTF-16 code units.</summary>
    private void Sort(Span<Member> members, int start)
    {
        byte[] written = _output.Written[start..].ToArray();
        members.Sort((a, b) => Compare(a, b, written));
        _output.Truncate(start);
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                if (Compare(members[i], members[i - 1], written) == 0)
                {
                    throw new JsonFormatException($"the name '{NameOf(members[i], written)}' stands twice in one object");
                }

                _output.Write(","u8);
            }

            _output.Write(written.AsSpan(members[i].Start, members[i].Length));
        }
    }

    /// <summary>Names of letters, digits and the like stand in the order of their bytes; any other is put back into UTF-16.</summary>
    private static int Compare(Member a, Member b, ReadOnlySpan<byte> written)
    {
        var left = written.Slice(a.Start + 1, a.NameLength - 2);
        var right = written.Slice(b.Start + 1, b.NameLength - 2);
        return left.ContainsAnyExcept(Unchanged) || right.ContainsAnyExcept(Unchanged)
            ? string.CompareOrdinal(NameOf(a, written), NameOf(b, written))
            : left.SequenceCompareTo(right);
    }

    private static string NameOf(Member member, ReadOnlySpan<byte> written)
    {
        var reader = new Utf8JsonReader(written.Slice(member.Start, member.NameLength));
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Writes the name or string that the reader stands on.</summary>
    private void String(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (raw.ContainsAnyExcept(Unchanged))
        {
            String(reader.GetString()!);
            return;
        }

        _output.Write("\""u8);
        _output.Write(raw);
        _output.Write("\""u8);
    }

    private void String(string text)
    {
        if (profile == CanonicalProfile.Record && text.Contains('\0', StringComparison.Ordinal))
        {
            throw new JsonFormatException("a string has the character U+0000");
        }

        CanonicalText.Write(_output, text);
    }

    private void Number(ref Utf8JsonReader reader)
    {
        // RFC 7493 §2.2: beyond ±(2^53−1) readers disagree about the value, so one signature would stand for two records.
        if (profile == CanonicalProfile.Rfc8785)
        {
            Ascii(Es6Number.Format(reader.GetDouble()));
            return;
        }

        var text = reader.ValueSpan;
        bool integer = !text.ContainsAnyExcept(IntegerCharacters) && !text.SequenceEqual("-0"u8);
        if (!integer || !reader.TryGetInt64(out long value) || Math.Abs((decimal)value) > CanonicalJson.MaxInteger)
        {
            throw new JsonFormatException(
                $"the number '{Encoding.UTF8.GetString(text)}' is no integer within ±{CanonicalJson.MaxInteger.ToString(CultureInfo.InvariantCulture)}");
        }

        _output.Write(text);
    }

    private void Ascii(string text) => Encoding.ASCII.GetBytes(text, _output);

    /// <summary>One member of an object: where its name, with its quotation marks, and its value stand in what was written of the object.</summary>
    private readonly record struct Member(int Start, int NameLength)
    {
        public int Length { get; init; }
    }
}
