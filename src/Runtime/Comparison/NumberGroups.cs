using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Groups of numbers by the words around them.</summary>
internal sealed class NumberGroups(NumberTolerance? tolerance)
{
    /// <summary>Numbers beyond these are each a group of their own: the strictest that can be.</summary>
    private const int MaxGroups = 100_000;

    private const int MaxWordsLength = 1 << 10;

    private const int ColumnBits = 24;

    private readonly Dictionary<string, NumberGroup[]> _groups = new(StringComparer.Ordinal);
    private readonly NumberTally _tally = new(tolerance);
    private int _count;

    /// <summary>Takes in the numbers of one line.</summary>
    /// <param name="words">The other words, with a mark for each number.</param>
    /// <param name="numbers">In order.</param>
    /// <param name="line">From 1.</param>
    public void Add(StringBuilder words, List<(double Then, double Now, bool IsSame)> numbers, long line)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        var groups = words.Length > MaxWordsLength ? null : Find(words, numbers.Count);
        for (int column = 0; column < numbers.Count; column++)
        {
            var (then, now, isSame) = numbers[column];
            if (groups is null && isSame)
            {
                continue;
            }

            var group = groups?[column] ?? new NumberGroup(null);
            Add(group, then, now, isSame, Place(line, column));
            if (groups is null)
            {
                _tally.Add(group);
            }
        }
    }

    /// <summary>Takes in one pair.</summary>
    public static void Add(NumberGroup group, double then, double now, bool isSame, long place)
    {
        if (isSame)
        {
            group.AddSame(then);
            return;
        }

        // Other digits, beyond what a double holds: at least the last bit of it.
        double distance = NumberGroup.Distance(then, now);
        bool isBelowBits = distance == 0 && double.IsFinite(then) && then != 0;
        group.AddDiffering(then, now, isBelowBits ? Math.BitIncrement(Math.Abs(then)) - Math.Abs(then) : distance, place);
    }

    /// <summary>Takes in what was grouped elsewhere.</summary>
    public void Add(NumberGroup group) => _tally.Add(group);

    public static long Place(long line, int column) => line << ColumnBits | (uint)Math.Min(column, (1 << ColumnBits) - 1);

    public Likeness Judge(string kind)
    {
        foreach (var group in _groups.Values.SelectMany(groups => groups))
        {
            _tally.Add(group);
        }

        return _tally.Judge(kind, Where);
    }

    private static string Where(NumberGroup group)
    {
        long line = group.Place >> ColumnBits;
        long column = (group.Place & ((1 << ColumnBits) - 1)) + 1;
        return group.Name is { } name ? $"line {line}, {name}" : $"line {line}, number {column}";
    }

    private NumberGroup[]? Find(StringBuilder words, int count)
    {
        Span<char> key = stackalloc char[MaxWordsLength];
        words.CopyTo(0, key, words.Length);
        var lookup = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(key[..words.Length], out var groups))
        {
            return groups;
        }

        if (_count + count > MaxGroups)
        {
            return null;
        }

        _count += count;
        groups = [.. Enumerable.Range(0, count).Select(_ => new NumberGroup(null))];
        lookup[key[..words.Length]] = groups;
        return groups;
    }
}
