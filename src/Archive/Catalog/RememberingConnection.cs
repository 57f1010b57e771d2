using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>
/// A connection that keeps the statements it has prepared: a page asks fifty short questions, and to prepare one takes longer than to answer it.
/// </summary>
/// <remarks>Dapper makes a command for each question and disposes of it. Here that only borrows one that was kept. For one thread at a time.</remarks>
internal sealed class RememberingConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>A statement takes some 20 kB.</summary>
    private const int MostKept = 100;

    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>One that was kept, or a new one; no other has it until it is given back.</summary>
    public SqliteCommand Take(string sql)
    {
        if (_kept.Remove(sql, out var known))
        {
            return known;
        }

        var made = CreateCommand();
#pragma warning disable CA2100 // whoever asks writes the statement: nothing is added to it here
        made.CommandText = sql;
#pragma warning restore CA2100
        return made;
    }

    public void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_kept.Count >= MostKept || !_kept.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    protected override DbCommand CreateDbCommand() => new RememberingCommand(this);
}
