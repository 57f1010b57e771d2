namespace Provenance.Cli;

/// <summary>A line with lines that belong to it, as deep as need be.</summary>
internal sealed class TextTree(string text)
{
    private readonly List<TextTree> _children = [];

    public string Text { get; } = text;

    public IReadOnlyList<TextTree> Children => _children;

    /// <returns>The line that was added.</returns>
    public TextTree Add(string text) => Add(new TextTree(text));

    public TextTree Add(TextTree child)
    {
        _children.Add(child);
        return child;
    }

    /// <summary>Line for line with guides, for what is no terminal: nothing is wrapped.</summary>
    public IEnumerable<string> Lines() => Lines("", "");

    private IEnumerable<string> Lines(string first, string others)
    {
        yield return first + Text;
        foreach (var (index, child) in _children.Index())
        {
            bool isLast = index == _children.Count - 1;
            foreach (string line in child.Lines(others + (isLast ? "└── " : "├── "), others + (isLast ? "    " : "│   ")))
            {
                yield return line;
            }
        }
    }
}
