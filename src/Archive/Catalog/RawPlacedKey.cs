namespace Provenance.Archive.Catalog;

/// <summary>The key of a content, and the place of its digest among those that were asked for.</summary>
internal sealed class RawPlacedKey
{
    public int Number { get; init; }

    public long Key { get; init; }
}
