namespace Provenance.Archive.Images.Tree;

/// <summary>The order of strings by their UTF-8 bytes, as <c>LC_ALL=C sort</c> has it.</summary>
internal static class Utf8Order
{
    /// <remarks>
    /// It is the order of code points. That of UTF-16 differs only in that surrogates, which stand for the highest code points, come
    /// before U+E000…U+FFFF.
    /// </remarks>
    public static int Compare(string a, string b)
    {
        int same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        bool aHigh = char.IsSurrogate(a[same]);
        bool bHigh = char.IsSurrogate(b[same]);
        return aHigh == bHigh ? a[same].CompareTo(b[same]) : aHigh.CompareTo(bHigh);
    }
}
