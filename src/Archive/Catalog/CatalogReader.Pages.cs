using Dapper;

namespace Provenance.Archive.Catalog;

/// <summary>Lists of everything of a kind, the newest first, page by page: each goes on where the last ended, by the key of its table.</summary>
internal sealed partial class CatalogReader
{
    internal const string ImagesBeforeSql =
        $"""
        {SelectImages}
        where i.log_index < @before
        order by i.log_index desc
        limit @limit
        """;

    internal const string ReplaysBeforeSql =
        $"""
        {SelectReplays}
        where p.log_index < @before
        order by p.log_index desc
        limit @limit
        """;

    internal const string FilesBeforeSql =
        """
        select f.log_index as LogIndex, rec.digest as Digest, r.started_at as StartedAt, f.role as Role, f.position as Position, p.path as Path,
          c.sha256 as Sha256, f.bytes as Bytes, f.kept as Kept, f.use as Use, f.class as Class, r.command as Command
        from files f
        cross join records rec on rec.log_index = f.log_index
        cross join runs r on r.log_index = f.log_index
        cross join paths p on p.path_id = f.path_id
        left join contents c on c.content_id = f.content_id
        where (f.log_index, f.role, f.position) < (@index, @role, @position) and f.kind = 'file'
        order by f.log_index desc, f.role desc, f.position desc
        limit @limit
        """;

    internal const string TombstonesBeforeSql =
        $"""
        {SelectTombstones}
        where t.log_index < @before
        order by t.log_index desc
        limit @limit
        """;

    public IEnumerable<TombstoneRow> TombstonesBefore(long before, int limit) =>
        connection.Query<RawTombstone>(TombstonesBeforeSql, new { before, limit }).Select(Row);

    public IEnumerable<ImageRow> ImagesBefore(long before, int limit) =>
        connection.Query<RawImage>(ImagesBeforeSql, new { before, limit }).Select(Row);

    public IEnumerable<ReplayRow> ReplaysBefore(long before, int limit) =>
        connection.Query<RawReplay>(ReplaysBeforeSql, new { before, limit }).Select(Row);

    /// <summary>Regular files alone.</summary>
    public IEnumerable<FileMatch> FilesBefore(FilePlace before, int limit) =>
        connection.Query<RawFile>(
            FilesBeforeSql, new { index = before.LogIndex, role = before.Role, position = before.Position, limit }).Select(Row);

    /// <summary>Papers with the place of their last citation.</summary>
    public IEnumerable<(string Doi, long Place)> PapersBefore(long before, int limit) =>
        connection.Query<RawPaper>(
            """
            select doi as Doi, max(log_index) as LogIndex
            from citations
            group by doi
            having max(log_index) < @before
            order by max(log_index) desc
            limit @limit
            """,
            new { before, limit })
            .Select(raw => (raw.Doi, raw.LogIndex));
}
