using System.Buffers;
using System.Globalization;
using System.Text;

namespace Provenance.Archive.Records;

/// <summary>A string as RFC 8785 §3.2.2.2 writes it.</summary>
internal static class CanonicalText
{
    // These two-character escapes are the only ones beside \u00xx.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>With its quotation marks.</summary>
    public static void Write(GrowingBuffer output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        int at;
        while ((at = text.IndexOfAny(Escaped)) >= 0)
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            Escape(output, text[at]);
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    private static void Escape(GrowingBuffer output, char c)
    {
        ReadOnlySpan<byte> escape = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => default,
        };
        if (escape.IsEmpty)
        {
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"), output);
            return;
        }

        output.Write(escape);
    }
}
