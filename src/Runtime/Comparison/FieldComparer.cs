using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares the lines of a table: numbers of one column are one group, other fields as words.</summary>
/// <remarks>Source: RFC 4180 §2; with any of three delimiters, and with a comma in decimals where the delimiter is a semicolon.</remarks>
internal sealed class FieldComparer(NumberTolerance? tolerance, byte delimiter) : ILineComparer
{
    private const int MaxColumns = 1 << 16;
    private const byte Quote = (byte)'"';

    private readonly List<NumberGroup> _columns = [];
    private readonly WordComparer _words = new(tolerance);
    private readonly NumberGroups _further = new(tolerance);
    private string[] _names = [];
    private bool _isLaidOutDifferently;

    public string Kind => delimiter == '\t' ? "tsv" : "csv";

    public bool IsOpen(ReadOnlySpan<byte> line)
    {
        int at = 0;
        while (TryNext(line, ref at, out _, out bool isOpen))
        {
            if (isOpen)
            {
                return true;
            }
        }

        return false;
    }

    public string? Compare(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now, long line)
    {
        if (line == 1)
        {
            _names = Names(then);
        }

        int thenAt = 0;
        int nowAt = 0;
        for (int column = 0; ; column++)
        {
            bool hasThen = TryNext(then, ref thenAt, out var thenField, out _);
            bool hasNow = TryNext(now, ref nowAt, out var nowField, out _);
            if (!hasThen && !hasNow)
            {
                return null;
            }

            if (hasThen != hasNow)
            {
                return $"line {line} has another number of fields";
            }

            if (CompareFields(thenField, nowField, line, column) is { } reason)
            {
                return reason;
            }
        }
    }

    public Likeness Finish()
    {
        foreach (var column in _columns)
        {
            _further.Add(column);
        }

        var fields = _further.Judge(Kind);
        var words = _words.Finish();
        bool areWordsWorse = words.Worst is not null && words.Result >= fields.Result;
        var judged = areWordsWorse ? words with { Kind = Kind } : fields;
        return _isLaidOutDifferently ? judged.With(["text layout"]).With(words.Normalised) : judged.With(words.Normalised);
    }

    private string? CompareFields(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now, long line, int column)
    {
        var thenText = Content(then);
        var nowText = Content(now);
        if (!TryParse(thenText, out double thenValue) || !TryParse(nowText, out double nowValue))
        {
            if (thenText.SequenceEqual(nowText))
            {
                _isLaidOutDifferently |= !then.SequenceEqual(now);
                return null;
            }

            return _words.Compare(thenText, nowText, line, $"{column}:") is null ? null : $"other text in {NameOf(column)}";
        }

        bool isSame = thenText.SequenceEqual(nowText) || NumberText.AreSameDecimal(Decimal(thenText), Decimal(nowText));
        _isLaidOutDifferently |= isSame && !then.SequenceEqual(now);

        var group = GroupOf(column);
        NumberGroups.Add(group, thenValue, nowValue, isSame, NumberGroups.Place(line, column));
        if (column >= MaxColumns)
        {
            _further.Add(group);
        }

        return null;
    }

    /// <summary>Beyond a limit, each number is a group of its own.</summary>
    private NumberGroup GroupOf(int column)
    {
        if (column >= MaxColumns)
        {
            return new NumberGroup(NameOf(column));
        }

        while (_columns.Count <= column)
        {
            _columns.Add(new NumberGroup(NameOf(_columns.Count)));
        }

        return _columns[column];
    }

    private string NameOf(int column) =>
        column < _names.Length && _names[column].Length > 0 ? $"column '{_names[column]}'" : $"column {column + 1}";

    /// <summary>The names of the columns, when the first line holds no number.</summary>
    private string[] Names(ReadOnlySpan<byte> line)
    {
        const int MaxNameBytes = 60;
        var names = new List<string>();
        int at = 0;
        while (names.Count < MaxColumns && TryNext(line, ref at, out var field, out _))
        {
            var text = Content(field);
            if (TryParse(text, out _))
            {
                return [];
            }

            names.Add(Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxNameBytes)]));
        }

        return [.. names];
    }

    private bool TryParse(ReadOnlySpan<byte> text, out double value) => NumberText.TryParse(Decimal(text), out value);

    private ReadOnlySpan<byte> Decimal(ReadOnlySpan<byte> text)
    {
        if (delimiter != ';' || !text.Contains((byte)','))
        {
            return text;
        }

        byte[] point = text.ToArray();
        point.AsSpan().Replace((byte)',', (byte)'.');
        return point;
    }

    /// <summary>A field without its quotes and without white space around it.</summary>
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> field)
    {
        var trimmed = field.Trim(" \t"u8);
        if (trimmed is not [Quote, .. var quoted, Quote])
        {
            return trimmed;
        }

        return quoted.Contains(Quote)
            ? Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(quoted).Replace("\"\"", "\"", StringComparison.Ordinal))
            : quoted;
    }

    /// <param name="at">Where the field begins; beyond the end after the last.</param>
    /// <param name="field">With its quotes.</param>
    /// <param name="isOpen">Its quote is not closed on this line.</param>
    private bool TryNext(ReadOnlySpan<byte> line, ref int at, out ReadOnlySpan<byte> field, out bool isOpen)
    {
        isOpen = false;
        if (at > line.Length)
        {
            field = default;
            return false;
        }

        var rest = line[at..];
        int end = 0;
        if (rest is [Quote, ..])
        {
            end = EndOfQuoted(rest);
            isOpen = end < 0;
            end = isOpen ? 0 : end;
        }

        int length = rest[end..].IndexOf(delimiter);
        length = length < 0 || isOpen ? rest.Length : end + length;
        field = rest[..length];
        at += length + 1;
        return true;
    }

    /// <returns>What follows the closing quote; negative when there is none.</returns>
    private static int EndOfQuoted(ReadOnlySpan<byte> field)
    {
        int at = 1;
        while (true)
        {
            int quote = field[at..].IndexOf(Quote);
            if (quote < 0)
            {
                return -1;
            }

            at += quote + 1;
            if (at == field.Length || field[at] != Quote)
            {
                return at;
            }

            at++;
        }
    }
}
