namespace Provenance.Archive.Catalog;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawTombstone
{
    public long LogIndex { get; set; }

    public byte[] Digest { get; set; } = [];

    public byte[] Record { get; set; } = [];

    public string Kind { get; set; } = "";

    public string Reason { get; set; } = "";

    public byte[]? SignerCertificate { get; set; }

    public string? SignerName { get; set; }

    public long? SignedAt { get; set; }
}
