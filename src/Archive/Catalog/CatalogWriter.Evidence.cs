using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, RotationRecord rotation) => _statements.Execute(
        """
        insert into rotations (log_index, old_certificate, new_certificate)
        values (@index, @old, @new)
        """,
        ("@index", index),
        ("@old", rotation.Old.Digest.ToBytes()),
        ("@new", rotation.New.Digest.ToBytes()));

    private void Insert(long index, RevocationRecord revocation) => _statements.Execute(
        """
        insert into revocation_lists (log_index, issuer, list)
        values (@index, @issuer, @list)
        """,
        ("@index", index),
        ("@issuer", Convert.FromHexString(revocation.Issuer)),
        ("@list", revocation.List.Digest.ToBytes()));
}
