using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    internal const string EndorsementsSql =
        """
        select rec.digest as Digest, rec.signature as Signature, e.comment as Comment,
          rec.signer_name as SignerName, rec.signer_certificate as SignerCertificate
        from endorsements e
        join records rec on rec.log_index = e.log_index
        where e.record = @record
        order by e.log_index
        limit @limit
        """;

    /// <summary>Endorsements of a record, oldest first.</summary>
    public IEnumerable<EndorsementRow> EndorsementsOf(SqlBlob record, int limit) =>
        connection.Query<RawEndorsement>(EndorsementsSql, new { record, limit }).Select(Row);

    private static EndorsementRow Row(RawEndorsement raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Signature = Digest.FromHash(raw.Signature),
        Comment = raw.Comment,
        SignerName = raw.SignerName,
        SignerCertificate = DigestOrNull(raw.SignerCertificate),
    };
}
