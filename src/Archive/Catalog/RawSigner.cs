namespace Provenance.Archive.Catalog;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawSigner
{
    public byte[] Certificate { get; set; } = [];

    public string Name { get; set; } = "";

    public long Records { get; set; }

    public long Runs { get; set; }

    public long First { get; set; }

    public long Last { get; set; }
}
