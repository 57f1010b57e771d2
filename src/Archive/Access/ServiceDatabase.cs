using Dapper;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>An open service.db: who may do what over the web. What is committed to it survives a power cut.</summary>
/// <remarks>
/// With a rollback journal and not WAL: the file's time then tells a server of each change, and it is one file to copy. Written seldom.
/// </remarks>
internal sealed class ServiceDatabase : IDisposable
{
    /// <summary>How long a statement waits for another process, in seconds.</summary>
    private const int BusySeconds = 30;

    private ServiceDatabase(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>Opens, and makes or migrates when need be.</summary>
    /// <exception cref="CatalogException">It cannot be opened, or a newer program made it.</exception>
    public static ServiceDatabase OpenForWriting(StoreLayout layout)
    {
        bool isNew = !File.Exists(layout.ServiceDatabase);
        var database = Open(layout.ServiceDatabase, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            connection.Execute("pragma journal_mode = delete; pragma synchronous = extra;");
            Migrator.Service.Migrate(connection);
        });
        if (isNew)
        {
            // Hashes of tokens alone, but whose they are concerns nobody.
            File.SetUnixFileMode(layout.ServiceDatabase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return database;
    }

    /// <returns>Null when there is none: then nobody was ever restricted or admitted.</returns>
    /// <exception cref="CatalogException">It cannot be opened, or another program made it: nothing may be shown then.</exception>
    public static ServiceDatabase? OpenForReading(StoreLayout layout)
    {
        if (!File.Exists(layout.ServiceDatabase))
        {
            return null;
        }

        var database = Open(layout.ServiceDatabase, SqliteOpenMode.ReadOnly, Migrator.Service.RefuseNewer);
        if (Migrator.VersionOf(database.Connection) == Migrator.Service.LatestVersion)
        {
            return database;
        }

        database.Dispose();
        OpenForWriting(layout).Dispose();
        return Open(layout.ServiceDatabase, SqliteOpenMode.ReadOnly, Migrator.Service.RefuseNewer);
    }

    /// <summary>Nobody changes it meanwhile, so that the file can be copied.</summary>
    public static void Hold(StoreLayout layout, Action action)
    {
        using var database = OpenForReading(layout);
        using var transaction = database?.Connection.BeginTransaction(deferred: true);
        // sqlite.org/lockingv3.html: whoever has read holds a shared lock until his transaction ends, and no commit gets past it.
        database?.Connection.ExecuteScalar<long>("select count(*) from tokens", transaction: transaction);
        action();
    }

    public void Dispose() => Connection.Dispose();

    private static ServiceDatabase Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            prepare(connection);
            return new ServiceDatabase(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new CatalogException($"service database '{path}': {e.Message.TrimEnd('.')}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
