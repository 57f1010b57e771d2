namespace Provenance.Archive.Catalog;

/// <summary>A row with one text, as Dapper reads it.</summary>
internal sealed class RawName
{
    public string Value { get; set; } = "";
}
