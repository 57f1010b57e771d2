namespace Provenance.Runtime.Comparison;

/// <summary>Compares formats that have a time in a header of fixed length and nothing volatile after it: MATLAB 5 files and Python byte code.</summary>
/// <remarks>
/// MAT-File Format, level 5: 116 bytes of text, such as <c>MATLAB 5.0 MAT-file, written by Octave 9.2, 2026-01-02 03:04:05 UTC</c>. PEP 552:
/// magic, flags 0, then time and size of the source, four bytes each.
/// </remarks>
internal sealed class MarkedHeaderComparer : IContentComparer
{
    private const int MatTextBytes = 116;
    private const int PycTimeOffset = 8;
    private const int PycTimeBytes = 4;

    public string Kind => "binary";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => IsMat(head) || IsPyc(head);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        bool isMat = IsMat(then.Head(MatTextBytes + 12));
        string kind = isMat ? "mat" : "pyc";
        if (then.Length != now.Length)
        {
            return Likeness.Differs(kind, null);
        }

        byte[] thenHead = Masked(then, isMat);
        byte[] nowHead = Masked(now, isMat);
        return thenHead.AsSpan().SequenceEqual(nowHead) && StreamEquality.AreEqual(then.Stream, now.Stream)
            ? Likeness.SameContent(kind, isMat ? "mat header text" : "pyc source time")
            : Likeness.Differs(kind, null);
    }

    /// <summary>The header without what changes; leaves the stream after it.</summary>
    private static byte[] Masked(ComparedContent content, bool isMat)
    {
        byte[] head = content.Head(isMat ? MatTextBytes : PycTimeOffset + PycTimeBytes);
        var changing = isMat ? head.AsSpan() : head.AsSpan(PycTimeOffset);
        changing.Clear();
        return head;
    }

    private static bool IsMat(ReadOnlySpan<byte> head) => head.Length > MatTextBytes + 11
        && head.StartsWith("MATLAB 5.0 MAT-file"u8) && (head[126..].StartsWith("IM"u8) || head[126..].StartsWith("MI"u8));

    private static bool IsPyc(ReadOnlySpan<byte> head) =>
        head.Length >= 16 && head[2] == '\r' && head[3] == '\n' && head[4..8].IndexOfAnyExcept((byte)0) < 0;
}
