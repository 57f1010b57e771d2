using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectTombstones =
        """
        select t.log_index as LogIndex, rec.digest as Digest, t.record as Record, t.kind as Kind, t.reason as Reason,
          rec.signer_certificate as SignerCertificate, rec.signer_name as SignerName, rec.signed_at as SignedAt
        from tombstones t
        join records rec on rec.log_index = t.log_index
        """;

    internal const string TombstonesOfRecordSql =
        $"""
        {SelectTombstones}
        where t.record between @low and @high
        order by t.record, t.log_index
        limit @limit
        """;

    private const string TombstonesSql =
        $"""
        {SelectTombstones}
        order by t.log_index
        """;

    /// <summary>All of them, oldest first.</summary>
    public IEnumerable<TombstoneRow> Tombstones() => connection.Query<RawTombstone>(TombstonesSql).Select(Row);

    /// <summary>Those of records that begin so, oldest first.</summary>
    public IEnumerable<TombstoneRow> TombstonesOf(DigestPrefix record, int limit) =>
        connection.Query<RawTombstone>(TombstonesOfRecordSql, new { low = record.Low, high = record.High, limit }).Select(Row);

    private TombstoneRow Row(RawTombstone raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Of = Digest.FromHash(raw.Record),
        Kind = CatalogNames.RecordKindOf(raw.Kind),
        Reason = raw.Reason,
        SignerCertificate = DigestOrNull(raw.SignerCertificate),
        SignerName = raw.SignerName,
        SignedAt = raw.SignedAt is { } time ? Time(time) : null,
        LogIndex = InLog(raw.LogIndex),
        Place = raw.LogIndex,
    };
}
