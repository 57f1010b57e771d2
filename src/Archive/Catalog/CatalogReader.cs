using Dapper;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>The questions one catalog answers. Whether it is the one on disk or one in memory makes no difference.</summary>
/// <param name="connection">An open catalog.</param>
/// <param name="logSize">Rows from this place on are of records that are not in the log yet.</param>
internal sealed partial class CatalogReader(SqliteConnection connection, long logSize)
{
    internal const string RecordsSql =
        """
        select log_index as LogIndex, digest as Digest, kind as Kind, signature as Signature
        from records
        where digest between @low and @high
        order by digest
        limit @limit
        """;

    /// <summary>Records whose digest begins so, in order of digest.</summary>
    public IEnumerable<RecordRow> Records(DigestPrefix prefix, int limit) =>
        connection.Query<RawRecord>(RecordsSql, new { low = prefix.Low, high = prefix.High, limit }).Select(Row);

    /// <summary>Runs in order of digest, from behind one on.</summary>
    public IEnumerable<Digest> RunsAfter(SqlBlob? after, int limit) =>
        connection.Query<RawHash>(
            """
            select digest as Hash
            from records
            where kind = 'run' and digest > coalesce(@after, x'')
            order by digest
            limit @limit
            """,
            new { after, limit })
            .Select(row => Digest.FromHash(row.Hash));

    /// <summary>Asks several questions of one state of the catalog, whatever others write meanwhile.</summary>
    public void InOneState(Action ask)
    {
        // Not as a transaction of the library, which every command would have to name.
        connection.Execute("begin");
        try
        {
            ask();
        }
        finally
        {
            connection.Execute("commit");
        }
    }

    /// <summary>Records behind the curtain, or of those few that are shown, the ones that are shown: up to a place in the log, in its order.</summary>
    public IReadOnlyList<long> Curtained(long below) =>
        connection.ExecuteScalar<long>("select count(*) from sqlite_temp_schema where name = 'behind_curtain'") == 0
            ? []
            : [.. connection.Query<long>("select log_index from temp.behind_curtain where log_index < @below order by log_index", new { below })];

    /// <summary>Entries of the log that are applied here.</summary>
    public long LogSize() => connection.ExecuteScalar<long>("select log_size from catalog_state where id = 1");

    public long CountRecords() => connection.ExecuteScalar<long>("select count(*) from records");

    /// <summary>How many records of a kind there are.</summary>
    public long CountRecords(string kind) =>
        connection.ExecuteScalar<long>("select count(*) from records where kind = @kind", new { kind });

    /// <summary>What of the log could not be read, in order of the log.</summary>
    public IEnumerable<string> Problems() =>
        connection.Query<string>(
            """
            select reason
            from problems
            order by log_index, position
            """);

    /// <summary>Records of which nothing could be read, with the first reason, in order of the log.</summary>
    public IEnumerable<(Digest Record, string Reason)> Unread() =>
        connection.Query<RawProblem>(
            """
            select digest as Digest, reason as Reason
            from problems
            where position = 0 and digest is not null and digest not in (select digest from records)
            order by log_index
            """).Select(row => (Digest.FromHash(row.Digest), row.Reason));

    private RecordRow Row(RawRecord raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Kind = CatalogNames.RecordKindOf(raw.Kind),
        Signature = Digest.FromHash(raw.Signature),
        LogIndex = InLog(raw.LogIndex),
    };

    private long? InLog(long index) => index < logSize ? index : null;

    private static Digest? DigestOrNull(byte[]? hash) => hash is null ? null : Digest.FromHash(hash);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
