namespace Provenance.Archive.Differences;

/// <summary>Puts two lists side by side.</summary>
internal static class SideBySide
{
    /// <summary>Two lists longer than this are compared place by place: the table of an alignment grows with their product.</summary>
    private const int MaxAligned = 2000;

    /// <summary>By name, in ordinal order; a name that stands more than once has all its values.</summary>
    public static IReadOnlyList<Difference> ByName<T>(
        IEnumerable<T> a, IEnumerable<T> b, Func<T, string> name, Func<T, string> value, bool counts = true)
    {
        var left = Values(a, name, value);
        var right = Values(b, name, value);
        return
        [
            .. left.Keys.Union(right.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(key => new Difference(key, left.GetValueOrDefault(key), right.GetValueOrDefault(key), counts)),
        ];
    }

    /// <summary>Two long lists in ordinal order of their names, none of which is held in memory.</summary>
    /// <param name="keepSame">Also what is the same.</param>
    public static IReadOnlyList<Difference> BySortedName<T>(
        IEnumerable<T> a, IEnumerable<T> b, Func<T, string> name, Func<T, string> value, bool keepSame)
        where T : class
    {
        var found = new List<Difference>();
        using var left = a.GetEnumerator();
        using var right = b.GetEnumerator();
        T? x = Next(left);
        T? y = Next(right);
        while (x is not null || y is not null)
        {
            int order = x is null ? 1 : y is null ? -1 : string.CompareOrdinal(name(x), name(y));
            var item = new Difference(name(order <= 0 ? x! : y!), order <= 0 ? value(x!) : null, order >= 0 ? value(y!) : null);
            if (keepSame || !item.IsSame)
            {
                found.Add(item);
            }

            x = order <= 0 ? Next(left) : x;
            y = order >= 0 ? Next(right) : y;
        }

        return found;
    }

    /// <summary>Word by word, so that one that was put in moves the others along: the longest common subsequence stays.</summary>
    public static IReadOnlyList<Difference> Align(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        if (Math.Max(a.Count, b.Count) > MaxAligned)
        {
            return [.. Enumerable.Range(0, Math.Max(a.Count, b.Count)).Select(i => Word(i, a.ElementAtOrDefault(i), b.ElementAtOrDefault(i)))];
        }

        int[][] common = Common(a, b);
        var words = new List<(string? A, string? B)>();
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            if (i < a.Count && j < b.Count && a[i] == b[j])
            {
                words.Add((a[i++], b[j++]));
            }
            else if (j == b.Count || (i < a.Count && common[i + 1][j] >= common[i][j + 1]))
            {
                words.Add((a[i++], null));
            }
            else
            {
                words.Add((null, b[j++]));
            }
        }

        return [.. Join(words).Select((word, index) => Word(index, word.A, word.B))];
    }

    /// <summary>A word taken out and one put in at the same place are one that was replaced.</summary>
    private static IEnumerable<(string? A, string? B)> Join(List<(string? A, string? B)> words)
    {
        for (int from = 0; from < words.Count;)
        {
            int to = from;
            while (to < words.Count && (words[to].A is null || words[to].B is null))
            {
                to++;
            }

            var left = words[from..to].Select(word => word.A).OfType<string>().ToList();
            var right = words[from..to].Select(word => word.B).OfType<string>().ToList();
            for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
            {
                yield return (left.ElementAtOrDefault(i), right.ElementAtOrDefault(i));
            }

            if (to < words.Count)
            {
                yield return words[to];
            }

            from = to + 1;
        }
    }

    /// <summary>How many words the two have in common from each pair of places on.</summary>
    private static int[][] Common(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        int[][] common = [.. Enumerable.Range(0, a.Count + 1).Select(_ => new int[b.Count + 1])];
        for (int i = a.Count - 1; i >= 0; i--)
        {
            for (int j = b.Count - 1; j >= 0; j--)
            {
                common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : Math.Max(common[i + 1][j], common[i][j + 1]);
            }
        }

        return common;
    }

    private static Difference Word(int index, string? a, string? b) => new($"word {index}", a, b);

    private static Dictionary<string, string> Values<T>(IEnumerable<T> items, Func<T, string> name, Func<T, string> value) =>
        items.GroupBy(name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => string.Join("; ", group.Select(value)), StringComparer.Ordinal);

    private static T? Next<T>(IEnumerator<T> items)
        where T : class => items.MoveNext() ? items.Current : null;
}
