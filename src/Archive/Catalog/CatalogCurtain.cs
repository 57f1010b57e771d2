using Dapper;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Hides records from every question that is put to a catalog through one connection.</summary>
/// <remarks>
/// Each table whose rows belong to records gets a temporary view of its own name without those rows. SQLite looks for names among temporary
/// things first (sqlite.org/lang_naming.html), so that no question has to know of it, and none can forget it. The text indexes
/// are asked only through tables of which this is so.
/// </remarks>
internal static class CatalogCurtain
{
    /// <summary>What hangs on another record: not shown without it.</summary>
    private const string DependentsSql =
        """
        select rec.digest as Hash from replays d join records rec on rec.log_index = d.log_index where d.run = @record
        union select rec.digest from runs d join records rec on rec.log_index = d.log_index where d.replay_of = @record
        union select rec.digest from endorsements d join records rec on rec.log_index = d.log_index where d.record = @record
        union select rec.digest from images d join records rec on rec.log_index = d.log_index where d.manifest = @record
        union select rec.digest from citations d join records rec on rec.log_index = d.log_index where d.run = @record
        """;

    /// <summary>What tells that a record was taken down stays where the record was for everybody.</summary>
    private const string TombstonesSql =
        "select rec.digest as Hash from tombstones d join records rec on rec.log_index = d.log_index where d.record = @record";

    private const string TablesSql =
        """
        select t.name as Value
        from main.sqlite_schema t
        where t.type = 'table' and exists (select 1 from pragma_table_info(t.name) c where c.name = 'log_index')
        """;

    public static void Draw(IReadOnlyList<CatalogDatabase> databases, RecordScope scope)
    {
        if (scope.IsEverything)
        {
            return;
        }

        var takenDown = WithDependents(databases, scope.TakenDown);
        var records = scope.Shown is { } shown ? WithImages(databases, shown) : WithTombstones(databases, scope.Hidden);
        if (scope.Shown is null)
        {
            records.UnionWith(takenDown);
        }
        else
        {
            records.ExceptWith(takenDown);
        }

        foreach (var database in databases)
        {
            Draw(database, records, scope.Shown is null ? "not in" : "in");
        }
    }

    private static void Draw(CatalogDatabase database, IReadOnlyCollection<Digest> records, string relation)
    {
        var connection = database.Connection;
        connection.Execute("create temp table behind_curtain (log_index integer primary key) strict");
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var record in records)
            {
                connection.Execute(
                    "insert into temp.behind_curtain select log_index from main.records where digest = @record",
                    new { record = SqlBlob.Of(record) },
                    transaction);
            }

            transaction.Commit();
        }

        // Read whole before the first view is made; not by Dapper's AsList, which brings its reflection along.
        RawName[] tables = [.. connection.Query<RawName>(TablesSql)];
        foreach (var table in tables)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables: a name takes no parameter
            command.CommandText = $"create temp view {table.Value} as select * from main.{table.Value} "
                + $"where log_index {relation} (select log_index from temp.behind_curtain)";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    public static HashSet<Digest> WithDependents(IReadOnlyList<CatalogDatabase> databases, IReadOnlyCollection<Digest> hidden)
    {
        var all = hidden.ToHashSet();
        var waiting = new Queue<Digest>(hidden);
        while (waiting.TryDequeue(out var record))
        {
            foreach (var dependent in databases.SelectMany(database => Ask(database, DependentsSql, record)).Where(all.Add))
            {
                waiting.Enqueue(dependent);
            }
        }

        return all;
    }

    private static HashSet<Digest> WithTombstones(IReadOnlyList<CatalogDatabase> databases, IReadOnlyCollection<Digest> hidden)
    {
        var all = WithDependents(databases, hidden);
        return WithDependents(databases, [.. all, .. all.SelectMany(record => databases.SelectMany(database => Ask(database, TombstonesSql, record)))]);
    }

    private static HashSet<Digest> WithImages(IReadOnlyList<CatalogDatabase> databases, IReadOnlyCollection<Digest> shown)
    {
        const string ImageSql =
            "select r.image_record as Hash from runs r join records rec on rec.log_index = r.log_index where rec.digest = @record";
        return [.. shown, .. shown.SelectMany(record => databases.SelectMany(database => Ask(database, ImageSql, record)))];
    }

    private static List<Digest> Ask(CatalogDatabase database, string sql, Digest record) =>
        [.. database.Connection.Query<RawHash>(sql, new { record = SqlBlob.Of(record) }).Select(row => Digest.FromHash(row.Hash))];
}
