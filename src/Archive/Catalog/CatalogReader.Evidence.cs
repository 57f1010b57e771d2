using Dapper;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    internal const string RotationsSql =
        """
        select rec.log_index as LogIndex, rec.digest as Digest, rec.kind as Kind, rec.signature as Signature
        from rotations r
        join records rec on rec.log_index = r.log_index
        where r.new_certificate = @certificate
        order by r.log_index
        limit @limit
        """;

    internal const string RevocationListsSql =
        """
        select rec.log_index as LogIndex, rec.digest as Digest, rec.kind as Kind, rec.signature as Signature
        from revocation_lists l
        join records rec on rec.log_index = l.log_index
        where l.issuer = @issuer
        order by l.log_index desc
        limit @limit
        """;

    internal const string KeptListsSql =
        """
        select rec.log_index as LogIndex, rec.digest as Digest, rec.kind as Kind, rec.signature as Signature
        from revocation_lists l
        join records rec on rec.log_index = l.log_index
        where l.issuer = @issuer and rec.signer_certificate = @keeper
        order by l.log_index desc
        limit @limit
        """;

    /// <summary>Rotations to a certificate, oldest first.</summary>
    public IEnumerable<RecordRow> RotationsTo(SqlBlob certificate, int limit) =>
        connection.Query<RawRecord>(RotationsSql, new { certificate, limit }).Select(Row);

    /// <summary>Records of revocation lists by an issuer, newest first.</summary>
    public IEnumerable<RecordRow> RevocationListsBy(SqlBlob issuer, int limit) =>
        connection.Query<RawRecord>(RevocationListsSql, new { issuer, limit }).Select(Row);

    /// <summary>Those of them that a certificate has signed: nobody else can make more of these.</summary>
    public IEnumerable<RecordRow> RevocationListsBy(SqlBlob issuer, SqlBlob keeper, int limit) =>
        connection.Query<RawRecord>(KeptListsSql, new { issuer, keeper, limit }).Select(Row);

    /// <summary>Records of a kind, newest first.</summary>
    public IEnumerable<RecordRow> RecordsOf(string kind, int limit) => connection.Query<RawRecord>(
        """
        select log_index as LogIndex, digest as Digest, kind as Kind, signature as Signature
        from records
        where kind = @kind
        order by log_index desc
        limit @limit
        """,
        new { kind, limit }).Select(Row);
}
