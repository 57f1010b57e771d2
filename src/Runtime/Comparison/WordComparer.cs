using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares lines of words: what is a number as a number, every other word as it stands, white space not at all.</summary>
/// <remarks>
/// Words are parted by white space and <c>, ; ( ) [ ] { } = &lt; &gt; " ' |</c>. Numbers that stand at the same place of lines with the same other words
/// are one group: the columns of a table, or all values after <c>energy =</c>.
/// </remarks>
internal sealed class WordComparer(NumberTolerance? tolerance) : ILineComparer
{
    private readonly NumberGroups _groups = new(tolerance);
    private readonly StringBuilder _words = new();
    private readonly List<(double Then, double Now, bool IsSame)> _numbers = [];
    private bool _isLaidOutDifferently;

    public string Kind => "text";

    public bool IsOpen(ReadOnlySpan<byte> line) => false;

    public string? Compare(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now, long line) => Compare(then, now, line, "");

    /// <param name="prefix">Keeps the groups of this text apart from those of others.</param>
    public string? Compare(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now, long line, string prefix)
    {
        _words.Clear().Append(prefix);
        _numbers.Clear();
        int thenAt = 0;
        int nowAt = 0;
        while (true)
        {
            var thenWord = Words.Next(then, ref thenAt);
            var nowWord = Words.Next(now, ref nowAt);
            if (thenWord.IsEmpty && nowWord.IsEmpty)
            {
                break;
            }

            if (!TryAdd(thenWord, nowWord))
            {
                return "other text";
            }
        }

        _isLaidOutDifferently |= !then.SequenceEqual(now) && _numbers.TrueForAll(number => number.IsSame);
        _groups.Add(_words, _numbers, line);
        return null;
    }

    public Likeness Finish()
    {
        var likeness = _groups.Judge(Kind);
        return _isLaidOutDifferently ? likeness.With(["text layout"]) : likeness;
    }

    private bool TryAdd(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now)
    {
        bool isNumber = NumberText.TryParse(then, out double thenValue);
        if (!isNumber || !NumberText.TryParse(now, out double nowValue))
        {
            _words.Append(' ').Append(Encoding.Latin1.GetString(then));
            return then.SequenceEqual(now);
        }

        bool isSame = then.SequenceEqual(now) || NumberText.AreSameDecimal(then, now);
        _words.Append(" #");
        _numbers.Add((thenValue, nowValue, isSame));
        return true;
    }
}
