using Provenance.Cli.Help;

namespace Provenance.Cli.Pages;

/// <summary>The parts that our pages have in common: headings, and names with their values in two columns.</summary>
internal sealed class PageWriter(Terminal terminal)
{
    private const int NameWidth = 12;
    private const int WidthColumns = 100;

    private bool _begun;
    private string? _pending;

    /// <summary>A heading that is left out when nothing comes below it.</summary>
    public void Part(string text) => _pending = text;

    /// <summary>A blank line stands before every heading but the first.</summary>
    public void Heading(string text)
    {
        _pending = null;
        if (_begun)
        {
            terminal.Line();
        }

        _begun = true;
        terminal.Heading(text);
    }

    /// <summary>Nothing is printed for a value that is absent.</summary>
    public void Field(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Item($"{name.PadRight(NameWidth)} {value}");
        }
    }

    /// <summary>Many words, on as many lines as they need.</summary>
    public void Words(string name, string words)
    {
        foreach (string line in words.Length == 0 ? [] : HelpPage.Wrap(words, WidthColumns - NameWidth))
        {
            Field(name, line);
            name = "";
        }
    }

    public void Item(string text)
    {
        if (_pending is { } part)
        {
            Heading(part);
        }

        terminal.Line("  " + text);
    }

    /// <summary>The first of many, and how many more there are.</summary>
    public void Items<T>(IEnumerable<T> items, int count, int limit, Func<T, string> show)
    {
        foreach (var item in items.Take(limit))
        {
            Item(show(item));
        }

        if (count > limit)
        {
            Item($"… and {count - limit} more");
        }
    }
}
