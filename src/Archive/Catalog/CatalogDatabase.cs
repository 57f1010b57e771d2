using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>An open catalog: a SQLite database on disk, or one in memory for records that are not in the one on disk.</summary>
internal sealed class CatalogDatabase : IDisposable
{
    /// <summary>How long a statement waits for another process, in seconds.</summary>
    private const int BusySeconds = 30;

    // sqlite3.h: SQLITE_READONLY, SQLITE_CANTOPEN.
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;

    private CatalogDatabase(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>Opens, and makes or migrates when need be. The caller holds the archive's lock.</summary>
    /// <exception cref="CatalogException">It cannot be opened, or a newer program made it.</exception>
    public static CatalogDatabase OpenForWriting(string path) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            // The catalog can be made anew from the log, so that a power cut may cost its last transactions, never its consistency:
            // with WAL, synchronous = normal promises just that, at a third of the cost of full.
            connection.Execute("pragma journal_mode = wal; pragma synchronous = normal;");
            Migrator.Catalog.Migrate(connection);
        });

    /// <returns>Null when there is none, or one of an older program, which only a writer can migrate.</returns>
    /// <exception cref="CatalogException">It cannot be opened, or a newer program made it.</exception>
    public static CatalogDatabase? OpenForReading(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var database = OpenReadOnly(path);
        if (Migrator.VersionOf(database.Connection) == Migrator.Catalog.LatestVersion)
        {
            return database;
        }

        database.Dispose();
        return null;
    }

    public static CatalogDatabase CreateInMemory() =>
        Open(":memory:", SqliteOpenMode.Memory, connection => Migrator.Catalog.Migrate(connection));

    /// <summary>How much of which log is applied.</summary>
    public CatalogState State(SqliteTransaction? transaction = null) => Connection.QuerySingle<CatalogState>(
        """
        select log_size as LogSize, log_root as LogRoot
        from catalog_state
        where id = 1
        """,
        transaction: transaction);

    public void Dispose() => Connection.Dispose();

    private static CatalogDatabase Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var connection = mode == SqliteOpenMode.ReadOnly
            ? new RememberingConnection(ConnectionString(path, mode))
            : new SqliteConnection(ConnectionString(path, mode));
        try
        {
            connection.Open();
            prepare(connection);
            return new CatalogDatabase(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new CatalogException($"catalog '{path}': {e.Message.TrimEnd('.')}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// WAL needs its -shm file even to read. Where it is not there and cannot be made, as in an archive on a read-only medium, SQLite
    /// is told that nobody writes; a catalog that was closed in order has no -wal file that would be missed.
    /// </summary>
    private static CatalogDatabase OpenReadOnly(string path)
    {
        try
        {
            return Open(path, SqliteOpenMode.ReadOnly, PrepareReading);
        }
        catch (CatalogException e) when (e.InnerException is SqliteException { SqliteErrorCode: CannotOpen or ReadOnly })
        {
            string uri = $"file:{Uri.EscapeDataString(path).Replace("%2F", "/")}?immutable=1";
            return Open(uri, SqliteOpenMode.ReadOnly, PrepareReading);
        }
    }

    /// <summary>
    /// A page of a large archive reads some hundred pages of the file, most of them the upper ones of its indexes: SQLite keeps 2 MB of its own
    /// accord.
    /// </summary>
    private static void PrepareReading(SqliteConnection connection)
    {
        Migrator.Catalog.RefuseNewer(connection);
        connection.Execute("pragma cache_size = -6000");
    }

    private static string ConnectionString(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        ForeignKeys = true,
        Pooling = false,
        DefaultTimeout = BusySeconds,
    }.ToString();
}
