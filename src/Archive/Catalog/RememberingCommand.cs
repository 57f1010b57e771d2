using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>A command that borrows a prepared one of its connection, by its text.</summary>
internal sealed class RememberingCommand(RememberingConnection connection) : DbCommand
{
    private SqliteCommand? _borrowed;

    [AllowNull]
    public override string CommandText
    {
        get => _borrowed?.CommandText ?? "";
        set
        {
            GiveBack();
            _borrowed = connection.Take(value ?? "");
        }
    }

    public override int CommandTimeout { get; set; } = connection.DefaultTimeout;

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => Borrowed.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    private SqliteCommand Borrowed
    {
        get
        {
            var borrowed = _borrowed ?? throw new InvalidOperationException("a command without a statement");
            borrowed.Transaction = (SqliteTransaction?)DbTransaction;
            return borrowed;
        }
    }

    public override void Cancel() => Borrowed.Cancel();

    public override int ExecuteNonQuery() => Borrowed.ExecuteNonQuery();

    public override object? ExecuteScalar() => Borrowed.ExecuteScalar();

    public override void Prepare() => Borrowed.Prepare();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Borrowed.ExecuteReader(behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private void GiveBack()
    {
        if (_borrowed is not null)
        {
            connection.GiveBack(_borrowed);
            _borrowed = null;
        }
    }
}
