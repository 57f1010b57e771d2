using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Compares the catalog with one made anew from the log, table by table.</summary>
internal sealed class CatalogFsck(BlobStore blobs, TransparencyLog log)
{
    private const string Subject = "catalog.db";

    public IReadOnlyList<FsckFinding> Check(CancellationToken cancellation)
    {
        try
        {
            using var catalog = CatalogDatabase.OpenForReading(blobs.Layout.CatalogDatabase);
            return catalog is null
                ? [new FsckFinding(FsckSeverity.Note, Subject, "is not there; the next record or question makes it")]
                : Compare(catalog, cancellation);
        }
        catch (Exception e) when (e is ArchiveException or SqliteException)
        {
            return [new FsckFinding(FsckSeverity.Repairable, Subject, e.Message.TrimEnd('.'))];
        }
    }

    private List<FsckFinding> Compare(CatalogDatabase catalog, CancellationToken cancellation)
    {
        // One snapshot, though others may write meanwhile.
        using var snapshot = catalog.Connection.BeginTransaction(deferred: true);
        long size = catalog.State(snapshot).LogSize;
        if (size > log.Size)
        {
            return [TooLarge(size)];
        }

        var findings = new List<FsckFinding>();
        if (size < log.Size)
        {
            findings.Add(new FsckFinding(FsckSeverity.Note, Subject, $"holds {size} of the log's {log.Size} entries"));
        }

        string path = Path.Combine(Path.GetTempPath(), TemporaryName.Next());
        try
        {
            using var rebuilt = CatalogDatabase.OpenForWriting(path);
            new CatalogUpdater(blobs, log).CatchUp(rebuilt, size, progress: null, cancellation);
            findings.AddRange(Differences(CatalogRows.HashTables(catalog.Connection, snapshot), rebuilt));
            findings.AddRange(new CatalogReader(rebuilt.Connection, size).Problems()
                .Select(problem => new FsckFinding(FsckSeverity.Damage, Subject, $"cannot hold a record: {problem}")));
            return findings;
        }
        finally
        {
            File.Delete(path);
            File.Delete($"{path}-wal");
            File.Delete($"{path}-shm");
        }
    }

    /// <summary>A catalog follows its log: one that holds more is of another, or tells that this one has lost its end.</summary>
    private FsckFinding TooLarge(long size) => log.Size == 0
        ? new FsckFinding(FsckSeverity.Damage, "log/checkpoint", $"is missing, although the catalog holds {size} entries of the log")
        : new FsckFinding(FsckSeverity.Repairable, Subject, $"holds {size} entries of a log that has {log.Size}");

    private static IEnumerable<FsckFinding> Differences(
        IReadOnlyDictionary<string, string> there, CatalogDatabase rebuilt)
    {
        foreach (var (table, hash) in CatalogRows.HashTables(rebuilt.Connection))
        {
            if (there.GetValueOrDefault(table) != hash)
            {
                yield return new FsckFinding(
                    FsckSeverity.Repairable, Subject, $"table {table} does not hold what the records say");
            }
        }
    }
}
