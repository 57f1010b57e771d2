using Dapper;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectCitations =
        """
        select rec.digest as Digest, c.run as Run, c.doi as Doi, c.title as Title, rec.signer_name as SignerName,
          rec.signer_certificate as SignerCertificate, rec.signed_at as SignedAt, f.label as Label, f.path as Path, f.sha256 as Sha256
        from citations c
        join records rec on rec.log_index = c.log_index
        left join figures f on f.log_index = c.log_index
        """;

    internal const string CitationsOfRunSql =
        $"""
        {SelectCitations}
        where c.run = @run
        order by c.log_index, f.position
        limit @limit
        """;

    internal const string CitationsOfPaperSql =
        $"""
        {SelectCitations}
        where c.doi = @doi
        order by c.log_index, f.position
        limit @limit
        """;

    internal const string CitationsOfFileSql =
        $"""
        {SelectCitations}
        where c.log_index in (select log_index from figures where sha256 = @sha256)
        order by c.log_index, f.position
        limit @limit
        """;

    /// <summary>Citations of a run, oldest first.</summary>
    /// <param name="run">Its record.</param>
    /// <param name="limit">Figures of all of them together, at most.</param>
    public IEnumerable<CitationRow> CitationsOfRun(SqlBlob run, int limit) =>
        Rows(connection.Query<RawCitation>(CitationsOfRunSql, new { run, limit }));

    /// <summary>Citations by a paper, oldest first.</summary>
    /// <inheritdoc cref="CitationsOfRun"/>
    public IEnumerable<CitationRow> CitationsOfPaper(string doi, int limit) =>
        Rows(connection.Query<RawCitation>(CitationsOfPaperSql, new { doi, limit }));

    /// <summary>Citations that name a file with this content as a figure, oldest first.</summary>
    /// <inheritdoc cref="CitationsOfRun"/>
    public IEnumerable<CitationRow> CitationsOfFile(SqlBlob sha256, int limit) =>
        Rows(connection.Query<RawCitation>(CitationsOfFileSql, new { sha256, limit }));

    internal const string IsOutputSql =
        """
        select case
            when exists (
              select 1
              from contents c
              cross join files f on f.content_id = c.content_id and f.log_index = rec.log_index and f.role in (1, 3, 4)
              where c.sha256 = @sha256) then 1
            when exists (select 1 from problems p where p.digest = @run) then null
            else 0
          end
        from records rec
        where rec.digest = @run and rec.kind = 'run'
        """;

    /// <summary>Whether a run made or printed this content; empty where the run is not here, or not all of it could be read.</summary>
    public IEnumerable<bool> IsOutput(SqlBlob run, SqlBlob sha256) =>
        connection.Query<long?>(IsOutputSql, new { run, sha256 }).OfType<long>().Select(answer => answer == 1);

    /// <summary>DOIs of papers, the one that was cited last first.</summary>
    public IEnumerable<string> Papers(int limit) => connection.Query<string>(
        """
        select doi
        from citations
        group by doi
        order by max(log_index) desc
        limit @limit
        """,
        new { limit });

    private static IEnumerable<CitationRow> Rows(IEnumerable<RawCitation> raws) =>
        from raw in raws
        group raw by Convert.ToHexStringLower(raw.Digest) into figures
        select Row(figures.First(), [.. figures.Where(raw => raw.Label is not null)]);

    private static CitationRow Row(RawCitation raw, List<RawCitation> figures) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Run = Digest.FromHash(raw.Run),
        Doi = Doi.Parse(raw.Doi),
        Title = raw.Title,
        Figures = [.. figures.Select(figure => new FigureRow(figure.Label!, figure.Path!, Digest.FromHash(figure.Sha256!)))],
        SignerName = raw.SignerName,
        SignerCertificate = DigestOrNull(raw.SignerCertificate),
        SignedAt = raw.SignedAt is { } time ? Time(time) : null,
    };
}
