using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, TombstoneRecord tombstone) => _statements.Execute(
        """
        insert into tombstones (log_index, record, kind, reason)
        values (@index, @record, @kind, @reason)
        """,
        ("@index", index),
        ("@record", tombstone.Record.Digest.ToBytes()),
        ("@kind", StatementTypes.NameOf(tombstone.Kind)),
        ("@reason", tombstone.Reason));
}
