using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string FirstOfRunsSql = "node = 0 and log_index not in (select log_index from replays)";

    private const string SelectSigners =
        """
        select signer_certificate as Certificate, max(signer_name) as Name, count(*) as Records, sum(kind = 'run') as Runs,
          min(signed_at) as First, max(signed_at) as Last
        from records
        """;

    internal const string SignerSql =
        $"""
        {SelectSigners}
        where signer_certificate = @certificate
        group by signer_certificate
        """;

    /// <summary>How many records there are of each kind.</summary>
    /// <param name="from">From this place in the log on; 0 for all. Indexes answer for all, the log's order for the last of it.</param>
    public IEnumerable<ValueCount> CountKinds(long from) => Count($"select kind as Value, count(*) as Count from records{From(from)} group by kind", from);

    /// <summary>How many runs were of each image, by its name.</summary>
    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountImages(long from) =>
        Count($"select image_reference as Value, count(*) as Count from runs{From(from)} group by image_reference", from);

    /// <summary>How many runs began on each host. Replays have hosts too.</summary>
    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountHosts(long from) =>
        Count($"select hostname as Value, count(*) as Count from hosts{From(from)} {(from > 0 ? "and" : "where")} {FirstOfRunsSql} group by hostname", from);

    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountProcessors(long from) => Count(
        $"""
        select coalesce(c.microarchitecture, c.brand) as Value, sum(h.count) as Count
        from (select cpu_id, count(*) as count from hosts{From(from)} {(from > 0 ? "and" : "where")} {FirstOfRunsSql} group by cpu_id) h
        join cpus c on c.cpu_id = h.cpu_id
        group by coalesce(c.microarchitecture, c.brand)
        """,
        from);

    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountPrograms(long from) =>
        Count($"select program as Value, count(*) as Count from runs{From(from)} group by program", from);

    /// <summary>By days first: a calendar is dear a million times.</summary>
    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountMonths(long from) => Count(
        $"""
        select strftime('%Y-%m', day * 86400, 'unixepoch') as Value, sum(count) as Count
        from (select started_at / 86400000 as day, count(*) as count from runs{From(from)} group by started_at / 86400000)
        group by strftime('%Y-%m', day * 86400, 'unixepoch')
        """,
        from);

    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<ValueCount> CountVerdicts(long from) => Count(
        $"select verdict as Value, count(*) as Count from replays{From(from)} {(from > 0 ? "and" : "where")} noise_floor = 0 group by verdict", from);

    /// <summary>Everybody whose signature could be read.</summary>
    /// <inheritdoc cref="CountKinds"/>
    public IEnumerable<SignerCount> CountSigners(long from) => connection.Query<RawSigner>(
        $"""
        {SelectSigners}
        {From(from)} {(from > 0 ? "and" : "where")} signer_certificate is not null
        group by signer_certificate
        """,
        new { from }).Select(Row);

    public IEnumerable<SignerCount> CountSigner(SqlBlob certificate) =>
        connection.Query<RawSigner>(SignerSql, new { certificate }).Select(Row);

    private static string From(long from) => from > 0 ? " where log_index >= @from" : "";

    private IEnumerable<ValueCount> Count(string sql, long from) =>
        connection.Query<RawCount>(sql, new { from }).Select(raw => new ValueCount { Value = raw.Value, Count = raw.Count });

    private static SignerCount Row(RawSigner raw) => new()
    {
        Certificate = Digest.FromHash(raw.Certificate),
        Name = raw.Name,
        Records = raw.Records,
        Runs = raw.Runs,
        First = Time(raw.First),
        Last = Time(raw.Last),
    };
}
