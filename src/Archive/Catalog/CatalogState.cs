namespace Provenance.Archive.Catalog;

/// <summary>How much of the log a catalog holds, and of which log: the root hash it had at that size.</summary>
internal sealed class CatalogState
{
    public long LogSize { get; init; }

    public byte[] LogRoot { get; init; } = [];
}
