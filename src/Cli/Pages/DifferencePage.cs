using System.Text.RegularExpressions;
using Provenance.Archive.Differences;

namespace Provenance.Cli.Pages;

/// <summary>Two runs side by side in two columns, section by section.</summary>
internal static partial class DifferencePage
{
    /// <summary>What is longer stands in a line of its own.</summary>
    private const int WidestCell = 48;

    private const string Absent = "-";

    public static void Print(IReadOnlyList<DifferenceSection> sections, Terminal terminal)
    {
        var page = new PageWriter(terminal);
        foreach (var section in sections)
        {
            bool isIdle = !section.Differs && section.Items.Any(item => !item.IsSame);
            page.Heading($"{section.Name}{(isIdle ? " (does not count)" : "")}");
            Print(section.Items, page);
        }
    }

    private static void Print(IReadOnlyList<Difference> items, PageWriter page)
    {
        var rows = items.Select(item => (item.Name, A: Shorten(item.A), B: Shorten(item.B), item.IsSame)).ToList();
        int names = Width(rows.Select(row => row.Name));
        int cells = Width(rows.Select(row => row.A));
        foreach (var (name, a, b, isSame) in rows)
        {
            string mark = isSame ? "=" : a == Absent ? "+" : b == Absent ? "-" : "~";
            if (name.Length <= names && a.Length <= cells)
            {
                page.Item($"{mark} {name.PadRight(names)}  {a.PadRight(cells)}  {b}");
                continue;
            }

            page.Item($"{mark} {name}");
            page.Item($"    {a}");
            page.Item($"    {b}");
        }
    }

    private static int Width(IEnumerable<string> cells) =>
        cells.Select(cell => cell.Length).Where(length => length <= WidestCell).DefaultIfEmpty(0).Max();

    private static string Shorten(string? text) => text is null ? Absent : DigestPattern().Replace(text, "$1");

    [GeneratedRegex("sha256:([0-9a-f]{12})[0-9a-f]{52}")]
    private static partial Regex DigestPattern();
}
