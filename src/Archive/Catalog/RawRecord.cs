namespace Provenance.Archive.Catalog;

/// <summary>A row of records as SQLite gives it.</summary>
internal sealed class RawRecord
{
    public long LogIndex { get; init; }

    public byte[] Digest { get; init; } = [];

    public string Kind { get; init; } = "";

    public byte[] Signature { get; init; } = [];
}
