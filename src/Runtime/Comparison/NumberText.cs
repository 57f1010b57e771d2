using System.Globalization;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Numbers as scientific programs write them.</summary>
/// <remarks>
/// <c>[+-] digits [. digits] [(e|E|d|D) [+-] digits]</c>; Fortran's <c>1.5-101</c>, which has no room for the letter; and <c>nan</c>,
/// <c>inf</c>, <c>infinity</c> in any case. Nothing else is a number: not <c>0x1f</c>, not <c>1,234</c>, not <c>5%</c>.
/// </remarks>
internal static class NumberText
{
    private const int MaxBytes = 400;

    public static bool TryParse(ReadOnlySpan<byte> word, out double value)
    {
        value = 0;
        if (word.IsEmpty || word.Length > MaxBytes)
        {
            return false;
        }

        var unsigned = word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        if (unsigned.IsEmpty)
        {
            return false;
        }

        return char.IsAsciiDigit((char)unsigned[0]) || unsigned[0] == '.'
            ? TryParseDecimal(word, out value)
            : TryParseName(unsigned, word[0] == '-', out value);
    }

    /// <summary>Whether two numbers are the same decimal, however they are written: <c>1.50</c> and <c>15e-1</c>.</summary>
    public static bool AreSameDecimal(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now) => Canonical(then) == Canonical(now);

    private static bool TryParseDecimal(ReadOnlySpan<byte> word, out double value)
    {
        value = 0;
        if (!TrySplit(word, out var mantissa, out var exponent))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[MaxBytes + 2];
        mantissa.CopyTo(text);
        int length = mantissa.Length;
        if (!exponent.IsEmpty)
        {
            text[length++] = (byte)'e';
            exponent.CopyTo(text[length..]);
            length += exponent.Length;
        }

        return double.TryParse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseName(ReadOnlySpan<byte> word, bool isNegative, out double value)
    {
        if (Ascii.EqualsIgnoreCase(word, "nan"u8))
        {
            value = double.NaN;
            return true;
        }

        value = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }

    /// <param name="word">Begins with a sign, a digit or a point.</param>
    /// <param name="mantissa">With its sign.</param>
    /// <param name="exponent">With its sign; empty when there is none.</param>
    private static bool TrySplit(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> mantissa, out ReadOnlySpan<byte> exponent)
    {
        exponent = default;
        int at = word[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        int whole = Digits(word, ref at);
        bool hasPoint = at < word.Length && word[at] == '.';
        at += hasPoint ? 1 : 0;
        int fraction = hasPoint ? Digits(word, ref at) : 0;
        mantissa = word[..at];
        if (whole + fraction == 0 || at == word.Length)
        {
            return whole + fraction > 0;
        }

        bool hasLetter = word[at] is (byte)'e' or (byte)'E' or (byte)'d' or (byte)'D';
        exponent = hasLetter ? word[(at + 1)..] : word[at..];
        at = exponent is [(byte)'+' or (byte)'-', ..] ? 1 : 0;
        int digits = Digits(exponent, ref at);
        return at == exponent.Length && digits > 0 && (hasLetter || hasPoint && digits == 3 && exponent.Length == 4);
    }

    private static int Digits(ReadOnlySpan<byte> word, ref int at)
    {
        int start = at;
        while (at < word.Length && char.IsAsciiDigit((char)word[at]))
        {
            at++;
        }

        return at - start;
    }

    /// <summary>Sign, digits without zeros at either end, exponent of the last digit.</summary>
    private static string Canonical(ReadOnlySpan<byte> word)
    {
        if (!TrySplit(word, out var mantissa, out var exponent))
        {
            return Encoding.Latin1.GetString(word).ToUpperInvariant();
        }

        string text = Encoding.ASCII.GetString(mantissa);
        string sign = text[0] == '-' ? "-" : "";
        text = text.TrimStart('+', '-');
        int point = text.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : text.Length - point - 1;
        string digits = text.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        string trimmed = digits.TrimEnd('0');
        if (trimmed.Length == 0)
        {
            return sign + "0";
        }

        _ = long.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long power);
        return $"{sign}{trimmed}e{power - decimals + digits.Length - trimmed.Length}";
    }
}
