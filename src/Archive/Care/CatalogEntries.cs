using Microsoft.Data.Sqlite;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Entries of the log as the catalog and the blobs give them again. What they say holds only when it hashes to what the log commits to.</summary>
internal sealed class CatalogEntries(BlobStore blobs)
{
    /// <param name="first">Place in the log.</param>
    /// <param name="width">How many.</param>
    /// <returns>One for each place; null where there is no row, or a blob is missing.</returns>
    public byte[]?[] Read(long first, int width)
    {
        byte[]?[] entries = new byte[]?[width];
        try
        {
            using var catalog = CatalogDatabase.OpenForReading(blobs.Layout.CatalogDatabase);
            foreach (var (place, record, signature, kind) in catalog is null ? [] : Rows(catalog.Connection, first, first + width))
            {
                entries[place - first] = Find(record, signature, kind);
            }
        }
        catch (Exception e) when (e is CatalogException or SqliteException)
        {
            // A catalog that cannot be read gives nothing; fsck tells of it.
        }

        return entries;
    }

    private static IEnumerable<(long Place, Digest Record, Digest Signature, RecordKind Kind)> Rows(SqliteConnection connection, long from, long to)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            select log_index, digest, signature, kind
            from records
            where log_index >= @from and log_index < @to
            """;
        command.Parameters.AddWithValue("@from", from);
        command.Parameters.AddWithValue("@to", to);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return (
                rows.GetInt64(0),
                Digest.FromHash(rows.GetFieldValue<byte[]>(1)),
                Digest.FromHash(rows.GetFieldValue<byte[]>(2)),
                CatalogNames.RecordKindOf(rows.GetString(3)));
        }
    }

    private byte[]? Find(Digest record, Digest signature, RecordKind kind)
    {
        try
        {
            return new LogLeaf
            {
                Kind = kind,
                Record = LeafBlob.Of(blobs.Read(record, CanonicalJson.MaxBytes)),
                Signature = LeafBlob.Of(blobs.Read(signature, CmsVerifier.MaxSignatureBytes)),
            }.ToBytes();
        }
        catch (Exception e) when (e is ArchiveException or IOException)
        {
            return null;
        }
    }
}
