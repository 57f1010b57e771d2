using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>All rows of a catalog, told apart from those of another by one hash for each table.</summary>
internal static class CatalogRows
{
    /// <summary>SHA-256 over the rows of each table, in the order of its key. The words for search follow from the tables.</summary>
    public static IReadOnlyDictionary<string, string> HashTables(
        SqliteConnection connection, SqliteTransaction? transaction = null) =>
        connection.Query<string>(
            """
            select name
            from sqlite_schema
            where type = 'table' and name not like 'sqlite_%' and name not like '%\_text%' escape '\'
            order by name
            """,
            transaction: transaction).ToDictionary(table => table, table => HashRows(connection, table));

    private static string HashRows(SqliteConnection connection, string table)
    {
        using var hash = new RunningDigest();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the name comes from the schema itself: no parameter can stand in its place
        command.CommandText = $"select * from \"{table}\"";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            for (int column = 0; column < reader.FieldCount; column++)
            {
                hash.Append(Encoding.UTF8.GetBytes(Text(reader.GetValue(column))));
            }
        }

        return Convert.ToHexStringLower(hash.Finish());
    }

    /// <summary>With its type and length, so that no two rows read the same.</summary>
    private static string Text(object value) => value switch
    {
        DBNull => "n;",
        long number => string.Create(CultureInfo.InvariantCulture, $"i{number};"),
        byte[] blob => $"b{Convert.ToHexStringLower(blob)};",
        string text => string.Create(CultureInfo.InvariantCulture, $"t{text.Length}:{text};"),
        _ => throw new CatalogException($"catalog: a value of type {value.GetType().Name} in a strict table"),
    };
}
