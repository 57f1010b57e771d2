namespace Provenance.Archive.Catalog;

/// <summary>A row as Dapper reads it; of several figures one row each, of none one without a figure.</summary>
internal sealed class RawCitation
{
    public byte[] Digest { get; set; } = [];

    public byte[] Run { get; set; } = [];

    public string Doi { get; set; } = "";

    public string? Title { get; set; }

    public string? SignerName { get; set; }

    public byte[]? SignerCertificate { get; set; }

    public long? SignedAt { get; set; }

    public string? Label { get; set; }

    public string? Path { get; set; }

    public byte[]? Sha256 { get; set; }
}
