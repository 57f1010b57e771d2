using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>Brings a database to the schema of this program by the numbered files of a folder, each in a transaction of its own.</summary>
/// <remarks>The number of the last one is SQLite's <c>user_version</c>. A file is never edited once released.</remarks>
/// <param name="resources">The folder's name among the resources.</param>
/// <param name="what">What the database is, for messages.</param>
internal sealed class Migrator(string resources, string what)
{
    private const int NumberDigits = 4;

    /// <summary>Of schema/sql.</summary>
    public static Migrator Catalog { get; } = new("sql/", "catalog");

    /// <summary>Of schema/sql/service.</summary>
    public static Migrator Service { get; } = new("service-sql/", "service database");

    /// <summary>The newest schema this program knows.</summary>
    public int LatestVersion => Migrations().Max(migration => migration.Number);

    /// <exception cref="CatalogException">A newer program made the database.</exception>
    public void RefuseNewer(SqliteConnection connection)
    {
        long version = VersionOf(connection);
        if (version > LatestVersion)
        {
            throw new CatalogException(
                $"{what} '{connection.DataSource}': has schema {version}, this program knows up to {LatestVersion}");
        }
    }

    /// <exception cref="CatalogException">A newer program made the database.</exception>
    public void Migrate(SqliteConnection connection)
    {
        RefuseNewer(connection);
        long version = VersionOf(connection);
        if (version == LatestVersion)
        {
            return;
        }

        // sqlite.org/lang_altertable.html, section 7: a table that others refer to can be made anew only so, and the pragma does nothing in a transaction.
        connection.Execute("pragma foreign_keys = off");
        foreach (var (number, resource) in Migrations().Where(migration => migration.Number > version))
        {
            Apply(connection, number, Read(resource));
        }

        connection.Execute("pragma foreign_keys = on");
    }

    public static long VersionOf(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("select user_version from pragma_user_version");

    private void Apply(SqliteConnection connection, int number, string sql)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // the text is our own resource and a number: a pragma takes no parameter
        command.CommandText = $"{sql}\npragma user_version = {number};";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        if (connection.QueryFirstOrDefault<string>("select \"table\" from pragma_foreign_key_check", transaction: transaction) is { } table)
        {
            throw new CatalogException($"{what} '{connection.DataSource}': schema {number} would leave rows of '{table}' that refer to nothing");
        }

        transaction.Commit();
    }

    private IEnumerable<(int Number, string Resource)> Migrations() =>
        Assembly.GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(resources, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (NumberOf(name), name));

    private int NumberOf(string resource) =>
        int.Parse(resource.AsSpan(resources.Length, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
