namespace Provenance.Cli;

/// <summary>A list in columns, as wide as its content and no wider, without lines: made to be read and to be cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(Terminal terminal)
    {
        int[] widths = [.. headings.Select((heading, i) => _rows.Select(r => r[i].Length).Append(heading.Length).Max())];
        terminal.Heading(Format(headings, widths));
        foreach (string[] row in _rows)
        {
            terminal.Line(Format(row, widths));
        }
    }

    private static string Format(string[] cells, int[] widths) =>
        string.Join(Gap, cells.Select((cell, i) => Terminal.Printable(cell).PadRight(widths[i]))).TrimEnd();
}
