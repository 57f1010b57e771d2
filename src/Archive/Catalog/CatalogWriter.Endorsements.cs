using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, EndorsementRecord endorsement) => _statements.Execute(
        """
        insert into endorsements (log_index, record, comment)
        values (@index, @record, @comment)
        """,
        ("@index", index),
        ("@record", endorsement.Record.Digest.ToBytes()),
        ("@comment", endorsement.Comment));
}
