namespace Provenance.Archive.Catalog;

/// <summary>A row of images, with its record, as SQLite gives it.</summary>
internal sealed class RawImage
{
    public long LogIndex { get; init; }

    public byte[] Digest { get; init; } = [];

    public byte[] Manifest { get; init; } = [];

    public byte[] Tree { get; init; } = [];

    public byte[] Config { get; init; } = [];

    public string Os { get; init; } = "";

    public string Architecture { get; init; } = "";

    public string? Variant { get; init; }

    public string Packing { get; init; } = "";

    public int Entries { get; init; }

    public long UnpackedBytes { get; init; }

    public string? SignerName { get; init; }
}
