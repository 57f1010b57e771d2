using System.Globalization;

namespace Provenance.Archive.Records;

/// <summary>A double as ECMAScript prints it: the shortest digits that read back as the same double.</summary>
/// <remarks>Source: RFC 8785 §3.2.2.3, which takes it from ECMA-262, Number::toString(x). The names k and n are the standard's.</remarks>
internal static class Es6Number
{
    /// <exception cref="JsonFormatException">The number is no finite double.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new JsonFormatException("a number is beyond the range of a double");
        }

        // Negative zero is printed as 0.
        return value == 0 ? "0" : (value < 0 ? "-" : "") + FormatPositive(Math.Abs(value));
    }

    private static string FormatPositive(double value)
    {
        // value = 0.digits × 10^n, with k digits
        (string digits, int n) = ShortestDigits(value);
        int k = digits.Length;
        if (k <= n && n <= 21)
        {
            return digits + new string('0', n - k);
        }

        if (n is > 0 and <= 21)
        {
            return $"{digits[..n]}.{digits[n..]}";
        }

        if (n is > -6 and <= 0)
        {
            return $"0.{new string('0', -n)}{digits}";
        }

        string exponent = (n - 1 < 0 ? "e-" : "e+") + Math.Abs(n - 1).ToString(CultureInfo.InvariantCulture);
        return k == 1 ? digits + exponent : $"{digits[..1]}.{digits[1..]}{exponent}";
    }

    /// <summary>.NET's round-trip format has the same digits; only where it puts the point and the exponent differs.</summary>
    private static (string Digits, int PointAt) ShortestDigits(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int wholeDigits = point < 0 ? mantissa.Length : point;
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = all.TrimStart('0');
        return (significant.TrimEnd('0'), wholeDigits + exponent - (all.Length - significant.Length));
    }
}
