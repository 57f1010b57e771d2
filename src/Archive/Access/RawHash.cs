namespace Provenance.Archive.Access;

/// <summary>A row with a digest alone, as Dapper reads it.</summary>
internal sealed class RawHash
{
    public byte[] Hash { get; set; } = [];
}
