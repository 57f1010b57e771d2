namespace Provenance.Archive.Access;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawRestriction
{
    public byte[] Record { get; set; } = [];

    public string Owner { get; set; } = "";

    public long? PublicAt { get; set; }
}
