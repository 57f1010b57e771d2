using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectSigners =
        """
        select signer_certificate as Certificate, max(signer_name) as Name, count(*) as Records, min(signed_at) as First, max(signed_at) as Last
        from records
        """;

    internal const string SignerSql =
        $"""
        {SelectSigners}
        where signer_certificate = @certificate
        group by signer_certificate
        """;

    /// <summary>How many runs were of each image, by its name.</summary>
    public IEnumerable<ValueCount> CountImages() => Counts(connection.Query<RawCount>(
        """
        select image_reference as Value, count(*) as Count
        from runs
        group by image_reference
        """));

    public IEnumerable<ValueCount> CountHosts() => Counts(connection.Query<RawCount>(
        """
        select hostname as Value, count(*) as Count
        from hosts
        where node = 0
        group by hostname
        """));

    public IEnumerable<ValueCount> CountProcessors() => Counts(connection.Query<RawCount>(
        """
        select coalesce(c.microarchitecture, c.brand) as Value, sum(h.count) as Count
        from (select cpu_id, count(*) as count from hosts where node = 0 group by cpu_id) h
        join cpus c on c.cpu_id = h.cpu_id
        group by coalesce(c.microarchitecture, c.brand)
        """));

    public IEnumerable<ValueCount> CountPrograms() => Counts(connection.Query<RawCount>(
        """
        select program as Value, count(*) as Count
        from runs
        group by program
        """));

    public IEnumerable<ValueCount> CountMonths() => Counts(connection.Query<RawCount>(
        """
        select strftime('%Y-%m', started_at / 1000, 'unixepoch') as Value, count(*) as Count
        from runs
        group by strftime('%Y-%m', started_at / 1000, 'unixepoch')
        """));

    public IEnumerable<ValueCount> CountVerdicts() => Counts(connection.Query<RawCount>(
        """
        select verdict as Value, count(*) as Count
        from replays
        where noise_floor = 0
        group by verdict
        """));

    /// <summary>Everybody whose signature could be read.</summary>
    public IEnumerable<SignerCount> CountSigners() => connection.Query<RawSigner>(
        $"""
        {SelectSigners}
        where signer_certificate is not null
        group by signer_certificate
        """).Select(Row);

    public IEnumerable<SignerCount> CountSigner(SqlBlob certificate) =>
        connection.Query<RawSigner>(SignerSql, new { certificate }).Select(Row);

    private static IEnumerable<ValueCount> Counts(IEnumerable<RawCount> raws) =>
        raws.Select(raw => new ValueCount { Value = raw.Value, Count = raw.Count });

    private static SignerCount Row(RawSigner raw) => new()
    {
        Certificate = Digest.FromHash(raw.Certificate),
        Name = raw.Name,
        Records = raw.Records,
        First = Time(raw.First),
        Last = Time(raw.Last),
    };
}
