namespace Provenance.Archive.Catalog;

/// <summary>The text of a run that is searched for words, as SQLite gives it.</summary>
internal sealed class RawText
{
    public long LogIndex { get; init; }

    public string Command { get; init; } = "";

    public string ImageReference { get; init; } = "";

    public string WorkingFolder { get; init; } = "";

    /// <summary>Whether one of them has all of the words, one after the other.</summary>
    public bool Has(string words) => new[] { Command, ImageReference, WorkingFolder }.Any(text => text.Contains(words, StringComparison.OrdinalIgnoreCase));
}
