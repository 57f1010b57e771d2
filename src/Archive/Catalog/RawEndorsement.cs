namespace Provenance.Archive.Catalog;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawEndorsement
{
    public byte[] Digest { get; set; } = [];

    public byte[] Signature { get; set; } = [];

    public string? Comment { get; set; }

    public string? SignerName { get; set; }

    public byte[]? SignerCertificate { get; set; }
}
