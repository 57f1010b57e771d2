using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Puts entries of the log into the tables. The caller has begun the transaction.</summary>
/// <remarks>What a row holds follows from the entry and its blobs alone, so that a rebuilt catalog has the same rows.</remarks>
internal sealed partial class CatalogWriter(SqliteTransaction transaction, BlobStore blobs) : IDisposable
{
    private const string Savepoint = "entry";

    // sqlite3.h: SQLITE_CONSTRAINT. A record that stands in a foreign log twice, or says what no table can hold.
    private const int Constraint = 19;

    private readonly PreparedStatements _statements = new(transaction);

    /// <summary>Applies one entry. What cannot be read of it is written to the table problems.</summary>
    /// <param name="index">Its place in the log.</param>
    /// <param name="entry">The entry, read.</param>
    public void Apply(long index, CatalogEntry entry)
    {
        if (entry.Problem is not null)
        {
            InsertProblem(index, entry.Leaf, entry.Problem);
            return;
        }

        if (Undoing(Savepoint, () => Insert(index, entry)) is { } problem)
        {
            InsertProblem(index, entry.Leaf, problem);
        }
    }

    public void SetState(TreeHead log) => _statements.Execute(
        """
        update catalog_state
        set log_size = @size, log_root = @root
        where id = 1
        """,
        ("@size", log.Size),
        ("@root", log.Root.ToArray()));

    public void Dispose() => _statements.Dispose();

    private void Insert(long index, CatalogEntry entry)
    {
        InsertRecord(index, entry.Leaf!, entry.Signer);
        switch (entry.Predicate)
        {
            case ImageRecord image:
                Insert(index, entry.Leaf!, image);
                break;
            case RunRecord run:
                Insert(index, entry.Leaf!, run);
                break;
            case ReplayRecord replay:
                Insert(index, replay);
                break;
            case EndorsementRecord endorsement:
                Insert(index, endorsement);
                break;
            case CitationRecord citation:
                Insert(index, citation);
                break;
            case RotationRecord rotation:
                Insert(index, rotation);
                break;
            case RevocationRecord revocation:
                Insert(index, revocation);
                break;
            case TombstoneRecord tombstone:
                Insert(index, tombstone);
                break;
        }
    }

    private void InsertRecord(long index, LogLeaf leaf, Signer? signer)
    {
        _statements.Execute(
            """
            insert into records (log_index, digest, kind, statement_bytes, signature, signer_certificate, signer_name, signed_at)
            values (@index, @digest, @kind, @bytes, @signature, @certificate, @name, @signedAt)
            """,
            ("@index", index),
            ("@digest", leaf.Record.Digest.ToBytes()),
            ("@kind", StatementTypes.NameOf(leaf.Kind)),
            ("@bytes", leaf.Record.Size),
            ("@signature", leaf.Signature.Digest.ToBytes()),
            ("@certificate", signer?.Certificate.ToBytes()),
            ("@name", signer?.Name),
            ("@signedAt", signer?.ClaimedTime.ToUnixTimeMilliseconds()));
        if (signer is not null)
        {
            InsertSigner(signer);
        }
    }

    private void InsertSigner(Signer signer)
    {
        _statements.Execute(
            """
            insert into signer_text (rowid, name)
            select (select coalesce(max(signer_id), 0) + 1 from signers), @name
            where not exists (select 1 from signers where certificate = @certificate)
            """,
            ("@certificate", signer.Certificate.ToBytes()),
            ("@name", signer.Name));
        _statements.Execute(
            "insert into signers (certificate, name) values (@certificate, @name) on conflict do nothing",
            ("@certificate", signer.Certificate.ToBytes()),
            ("@name", signer.Name));
    }

    private void InsertProblem(long index, LogLeaf? leaf, string reason) => _statements.Execute(
        """
        insert into problems (log_index, position, digest, reason)
        values (@index, (select count(*) from problems where log_index = @index), @digest, @reason)
        """,
        ("@index", index),
        ("@digest", leaf?.Record.Digest.ToBytes()),
        ("@reason", reason));

    /// <summary>Leaves no half of what fails.</summary>
    /// <returns>Why it failed; null when it did not.</returns>
    private string? Undoing(string savepoint, Action insert)
    {
        transaction.Save(savepoint);
        try
        {
            insert();
            transaction.Release(savepoint);
            return null;
        }
        catch (Exception e) when (e is ArchiveException or SqliteException { SqliteErrorCode: Constraint })
        {
            transaction.Rollback(savepoint);
            transaction.Release(savepoint);
            return e.Message;
        }
    }
}
