using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Million;

/// <summary>A record, ready for log and catalog.</summary>
/// <param name="Entry">As the catalog's writer takes it.</param>
/// <param name="Lists">Blobs that the writer reads: the lists of used and generated files.</param>
/// <param name="Kept">What the archive keeps of it; empty where it keeps nothing but the entry.</param>
internal sealed record MadeRecord(CatalogEntry Entry, IReadOnlyList<Content> Lists, IReadOnlyList<Content> Kept)
{
    public Digest Record => Entry.Leaf!.Record.Digest;
}
