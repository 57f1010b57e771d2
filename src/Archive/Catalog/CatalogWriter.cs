using Dapper;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Puts entries of the log into the tables. The caller has begun the transaction.</summary>
/// <remarks>What a row holds follows from the entry and its blobs alone, so that a rebuilt catalog has the same rows.</remarks>
internal sealed partial class CatalogWriter(SqliteTransaction transaction, BlobStore blobs)
{
    private const string Savepoint = "entry";

    // sqlite3.h: SQLITE_CONSTRAINT. A record that stands in a foreign log twice, or says what no table can hold.
    private const int Constraint = 19;

    private readonly SqliteConnection _connection = transaction.Connection!;
    private readonly RecordReader _reader = new(blobs);

    /// <summary>Applies one entry. What cannot be read of it is written to the table problems.</summary>
    /// <param name="index">Its place in the log.</param>
    /// <param name="entry">The bytes of the log.</param>
    public void Apply(long index, byte[] entry)
    {
        if (Try(index, null, () => LogLeaf.Parse(entry)) is { } leaf
            && Try(index, leaf, () => _reader.Read(leaf)) is { } signed)
        {
            Undoing(index, leaf, () => Insert(index, leaf, signed));
        }
    }

    public void SetState(TreeHead log)
    {
        long size = log.Size;
        var root = new SqlBlob(log.Root.ToArray());
        _connection.Execute(
            """
            update catalog_state
            set log_size = @size, log_root = @root
            where id = 1
            """,
            new { size, root },
            transaction);
    }

    private void Insert(long index, LogLeaf leaf, SignedStatement signed)
    {
        InsertRecord(index, leaf, signed);
        switch (signed.Kind)
        {
            case RecordKind.Image:
                Insert(index, RecordJson.ParseImage(signed.Statement.Span).Predicate);
                break;
            case RecordKind.Run:
                Insert(index, leaf, RecordJson.ParseRun(signed.Statement.Span).Predicate);
                break;
            default:
                Insert(index, RecordJson.ParseReplay(signed.Statement.Span).Predicate);
                break;
        }
    }

    private void InsertRecord(long index, LogLeaf leaf, SignedStatement signed)
    {
        var signer = Signer.Of(signed);
        _connection.Execute(
            """
            insert into records (log_index, digest, kind, statement_bytes, signature, signer_certificate, signer_name, signed_at)
            values (@index, @digest, @kind, @bytes, @signature, @certificate, @name, @signedAt)
            """,
            new
            {
                index,
                digest = SqlBlob.Of(signed.Record),
                kind = StatementTypes.NameOf(signed.Kind),
                bytes = leaf.Record.Size,
                signature = SqlBlob.Of(leaf.Signature.Digest),
                certificate = SqlBlob.Of(signer?.Certificate),
                name = signer?.Name,
                signedAt = signer?.ClaimedTime.ToUnixTimeMilliseconds(),
            },
            transaction);
    }

    private T? Try<T>(long index, LogLeaf? leaf, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (ArchiveException e)
        {
            InsertProblem(index, leaf, e.Message);
            return null;
        }
    }

    /// <summary>Leaves no half of what fails.</summary>
    private void Undoing(long index, LogLeaf leaf, Action insert)
    {
        transaction.Save(Savepoint);
        try
        {
            insert();
            transaction.Release(Savepoint);
        }
        catch (Exception e) when (e is ArchiveException or SqliteException { SqliteErrorCode: Constraint })
        {
            transaction.Rollback(Savepoint);
            transaction.Release(Savepoint);
            InsertProblem(index, leaf, e.Message);
        }
    }

    private void InsertProblem(long index, LogLeaf? leaf, string reason)
    {
        var digest = SqlBlob.Of(leaf?.Record.Digest);
        _connection.Execute(
            """
            insert into problems (log_index, position, digest, reason)
            values (@index, (select count(*) from problems where log_index = @index), @digest, @reason)
            """,
            new { index, digest, reason },
            transaction);
    }
}
