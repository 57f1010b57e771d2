namespace Provenance.Archive.Catalog;

/// <summary>A paper and the last citation of it, as SQLite gives it.</summary>
internal sealed class RawPaper
{
    public string Doi { get; init; } = "";

    public long LogIndex { get; init; }
}
