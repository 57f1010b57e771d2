using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>An entry of the log, read and understood: all of the work that needs no database, and can be done on all cores.</summary>
internal sealed record CatalogEntry
{
    /// <summary>Null when the entry itself could not be read.</summary>
    public LogLeaf? Leaf { get; init; }

    /// <summary>Why its record could not be read; null when it could.</summary>
    public string? Problem { get; init; }

    /// <summary>Null when the signature does not hold.</summary>
    public Signer? Signer { get; init; }

    /// <summary>An <see cref="ImageRecord"/>, <see cref="RunRecord"/> or <see cref="ReplayRecord"/>; null when there is a problem.</summary>
    public object? Predicate { get; init; }

    public static CatalogEntry Read(byte[] entry, RecordReader reader)
    {
        LogLeaf? leaf = null;
        try
        {
            leaf = LogLeaf.Parse(entry);
            return Of(leaf, reader.Read(leaf));
        }
        catch (ArchiveException e)
        {
            return new CatalogEntry { Leaf = leaf, Problem = e.Message };
        }
    }

    /// <summary>Understands a record whose blobs are read already.</summary>
    public static CatalogEntry Of(LogLeaf leaf, SignedStatement signed)
    {
        try
        {
            return new CatalogEntry { Leaf = leaf, Signer = Signer.Of(signed), Predicate = RecordJson.ParsePredicate(signed.Kind, signed.Statement.Span) };
        }
        catch (ArchiveException e)
        {
            return new CatalogEntry { Leaf = leaf, Problem = e.Message };
        }
    }
}
