namespace Provenance.Archive.Catalog;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawCount
{
    public string Value { get; set; } = "";

    public long Count { get; set; }
}
