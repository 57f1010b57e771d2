using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Provenance.Archive.Access;

/// <summary>Puts stable other names in the place of what tells of people and places: the same one always gets the same name.</summary>
public sealed class Redactor
{
    private const int KeyDigits = 8;
    private const int ScanBytes = 1 << 16;
    private const int LongestScanned = 1 << 10;

    /// <summary>A digest is shown with this many digits at least: what stands in the midst of one is no name.</summary>
    private const int DigestDigits = 12;

    /// <summary>Of an escaped sign: <c>%2F</c>, and <c>\u002F</c> in JSON.</summary>
    private const int PercentSigns = 3;
    private const int UnicodeSigns = 6;

    /// <summary>The longest first, so that a host's whole name goes before its first part.</summary>
    private readonly List<(string Form, string Name, bool IsKey)> _forms;
    private readonly SearchValues<string> _beginnings;

    public Redactor(Identities identities)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var counts = new Dictionary<IdentityKind, int>();
        foreach (var (text, kind) in identities.Found)
        {
            int number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            string name = $"{Word(kind)}-{number}";
            foreach (string form in FormsOf(text))
            {
                names.TryAdd(form, name);
            }
        }

        _forms =
        [
            .. names.OrderByDescending(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value, false)),
            .. identities.Keys.Index().Select(key => (key.Item[..KeyDigits], $"key-{key.Index + 1}", true)),
        ];
        _beginnings = SearchValues.Create([.. _forms.Select(form => form.Form)], StringComparison.OrdinalIgnoreCase);
    }

    public string Redact(string text)
    {
        if (Find(text, 0) is not { } first)
        {
            return text;
        }

        var redacted = new StringBuilder(text.Length);
        int from = 0;
        for ((int Start, int Length, string Name)? found = first; found is { } one; found = Find(text, from))
        {
            redacted.Append(text, from, one.Start - from).Append(one.Name);
            from = one.Start + one.Length;
        }

        return redacted.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Whether something of it stands in these bytes, as UTF-8 or Latin-1.</summary>
    /// <param name="content">Read to its end, or to the first.</param>
    public string? FindIn(Stream content)
    {
        byte[] buffer = new byte[ScanBytes];
        int kept = 0;
        int read;
        while ((read = content.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            int length = kept + read;
            var bytes = buffer.AsSpan(0, length);
            if ((FirstIn(Encoding.UTF8.GetString(bytes)) ?? FirstIn(Encoding.Latin1.GetString(bytes))) is { } found)
            {
                return found;
            }

            // What begins in one part may end in the next.
            kept = Math.Min(length, LongestScanned);
            bytes[^kept..].CopyTo(buffer);
        }

        return null;
    }

    private string? FirstIn(string text) => Find(text, 0) is { } found ? text.Substring(found.Start, found.Length) : null;

    private (int Start, int Length, string Name)? Find(string text, int from)
    {
        for (int start = from; start < text.Length; start++)
        {
            int next = text.AsSpan(start).IndexOfAny(_beginnings);
            if (next < 0)
            {
                return null;
            }

            start += next;
            foreach (var (form, name, isKey) in _forms)
            {
                int end = start + form.Length;
                if (!text.AsSpan(start).StartsWith(form, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (isKey)
                {
                    return (start, HexEnd(text, end) - start, name);
                }

                if (BeginsWord(text, start) && EndsWord(text, end) && !IsInDigest(text, start, end))
                {
                    return (start, form.Length, name);
                }
            }
        }

        return null;
    }

    /// <summary>Names are whole words: a user ‘tom’ is not in ‘atom’. What is no letter, or an escaped sign, is not of the word.</summary>
    private static bool BeginsWord(string text, int start) => start == 0 || AreApart(text[start - 1], text[start]) || IsEscapeBefore(text, start);

    private static bool EndsWord(string text, int end) => end == text.Length || AreApart(text[end - 1], text[end]);

    private static bool AreApart(char one, char other) =>
        !(char.IsLetter(one) && char.IsLetter(other)) && !(char.IsAsciiDigit(one) && char.IsAsciiDigit(other));

    /// <summary><c>%2F</c> in an address; <c>\n</c> and <c>\u002F</c> in JSON.</summary>
    private static bool IsEscapeBefore(string text, int start) =>
        (start >= PercentSigns && text[start - PercentSigns] == '%' && AreHex(text, start - PercentSigns + 1, start))
        || (start >= 2 && text[start - 2] == '\\' && "bfnrt".Contains(text[start - 1], StringComparison.Ordinal))
        || (start >= UnicodeSigns && text.AsSpan(start - UnicodeSigns).StartsWith(@"\u") && AreHex(text, start - UnicodeSigns + 2, start));

    /// <summary>Three letters of one are a name's by chance. A name beside a date has no other letters about it.</summary>
    private static bool IsInDigest(string text, int start, int end)
    {
        if (!AreHex(text, start, end))
        {
            return false;
        }

        int first = start;
        while (first > 0 && char.IsAsciiHexDigit(text[first - 1]))
        {
            first--;
        }

        int last = HexEnd(text, end);
        return last - first >= DigestDigits
            && (text.AsSpan(first, start - first).ContainsAnyExceptInRange('0', '9') || text.AsSpan(end, last - end).ContainsAnyExceptInRange('0', '9'));
    }

    private static int HexEnd(string text, int from)
    {
        while (from < text.Length && char.IsAsciiHexDigit(text[from]))
        {
            from++;
        }

        return from;
    }

    private static bool AreHex(string text, int start, int end) => HexEnd(text, start) >= end;

    /// <summary>As it is written in plain text, in HTML, in JSON and in addresses.</summary>
    private static IEnumerable<string> FormsOf(string text) => new[]
    {
        text, HtmlEncoder.Default.Encode(text), JsonEncodedText.Encode(text).ToString(), Uri.EscapeDataString(text),
    }.Distinct();

    private static string Word(IdentityKind kind) => kind switch
    {
        IdentityKind.Person => "author",
        IdentityKind.Host => "host",
        IdentityKind.Cluster => "cluster",
        IdentityKind.Account => "account",
        IdentityKind.Source => "source",
        IdentityKind.Repository => "repository",
        _ => "archive",
    };
}
