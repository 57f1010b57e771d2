using System.Text;
using Provenance.Archive.Images;

namespace Provenance.Archive.Differences;

/// <summary>What files two images have in common and what not.</summary>
public static class TreeDifferences
{
    /// <summary>Files that are named one by one.</summary>
    public const int MaxNamed = 50;

    /// <summary>Streams both manifests, which are sorted by the bytes of the paths.</summary>
    /// <param name="a">Of the first image.</param>
    /// <param name="b">Of the second.</param>
    /// <param name="byName">Names the first files; else only counts, since changed packages explain most of them.</param>
    public static DifferenceSection Of(IEnumerable<TreeEntry> a, IEnumerable<TreeEntry> b, bool byName)
    {
        var named = new List<Difference>();
        int changed = 0, onlyA = 0, onlyB = 0;
        foreach (var item in Pairs(a, b).Where(item => !item.IsSame))
        {
            changed += item is { A: not null, B: not null } ? 1 : 0;
            onlyA += item.B is null ? 1 : 0;
            onlyB += item.A is null ? 1 : 0;
            if (byName && named.Count < MaxNamed)
            {
                named.Add(item);
            }
        }

        var counts = new Difference("entries that are not the same", $"{changed} changed, {onlyA} only here", $"{changed} changed, {onlyB} only here");
        return new DifferenceSection("image files", changed + onlyA + onlyB == 0 ? [] : [.. named, counts with { Counts = false }]);
    }

    private static IEnumerable<Difference> Pairs(IEnumerable<TreeEntry> a, IEnumerable<TreeEntry> b)
    {
        using var left = a.GetEnumerator();
        using var right = b.GetEnumerator();
        var x = Next(left);
        var y = Next(right);
        while (x is not null || y is not null)
        {
            int order = x is null ? 1 : y is null ? -1 : Order(x.Path, y.Path);
            yield return order < 0
                ? new Difference(x!.Path, Describe(x), null)
                : new Difference(y!.Path, order == 0 ? Describe(x!) : null, Describe(y));
            x = order <= 0 ? Next(left) : x;
            y = order >= 0 ? Next(right) : y;
        }
    }

    private static int Order(string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));

    private static TreeEntry? Next(IEnumerator<TreeEntry> entries) => entries.MoveNext() ? entries.Current : null;

    private static string Describe(TreeEntry entry) => entry.Type switch
    {
        TreeEntryType.File => $"sha256:{entry.Sha256}, {entry.Size} bytes, {entry.Mode}{Xattrs(entry)}",
        TreeEntryType.Link => $"link to {entry.Target}",
        TreeEntryType.Folder => $"folder, {entry.Mode}{Xattrs(entry)}",
        _ => $"device {entry.Device}, {entry.Mode}",
    };

    private static string Xattrs(TreeEntry entry) =>
        string.Concat((entry.Xattrs ?? []).Select(xattr => $", {xattr.Name}={xattr.Value}"));
}
