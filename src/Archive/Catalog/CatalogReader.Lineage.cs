using Dapper;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    /// <summary>Contents that are asked for at once.</summary>
    private const int ContentsAtOnce = 1000;

    /// <summary>A content of more runs than this is not put in order by their times.</summary>
    private const int ManyRuns = 2000;

    internal const string IsMade = "f.role in (1, 3)";
    internal const string IsUsed = "f.role in (0, 2)";

    private const string SelectLineage =
        """
        select rec.digest as Run, r.started_at as StartedAt, r.ended_at as EndedAt, f.role as Role, p.path as Path,
          c.sha256 as Sha256, f.bytes as Bytes, f.use as Use
        """;

    /// <summary>Without what only stood there, where that was seen, what belongs to image and system, and a standard input with nothing in it.</summary>
    private const string IsRead =
        """
        and f.role in (0, 2) and (f.use is null or f.use <> 'present')
        and (f.class is null or f.class not in ('image', 'injected', 'system')) and (f.role <> 2 or f.bytes > 0)
        """;

    /// <summary>Without what programs keep to be faster: whoever runs first makes it, and the next would seem to come from that run.</summary>
    private const string IsInput =
        $"""
        {IsRead}
        and (f.class is null or f.class <> 'cache')
        """;

    private const string FilesOfRun =
        $"""
        {SelectLineage}
        from records rec
        cross join runs r on r.log_index = rec.log_index
        cross join files f on f.log_index = rec.log_index
        join paths p on p.path_id = f.path_id
        left join contents c on c.content_id = f.content_id
        where rec.digest = @run and f.kind = 'file'
        """;

    internal const string InputsSql =
        $"""
        {FilesOfRun}
        {IsInput}
        order by p.path
        """;

    internal const string ReadSql =
        $"""
        {FilesOfRun}
        {IsRead}
        order by p.path
        """;

    internal const string OutputsSql =
        $"""
        {FilesOfRun}
        and f.role in (1, 3) and f.content_id is not null
        order by p.path
        """;

    /// <summary>The digests come one after the other in one value, 32 bytes each: SQLite has no lists.</summary>
    private const string PlacesOfDigests =
        """
        with recursive place (number) as (
          select 0
          union all
          select number + 1 from place where number + 1 < @count)
        """;

    private const string FilesOfContents =
        $"""
        {PlacesOfDigests}
        {SelectLineage}
        from place
        cross join contents c on c.sha256 = substr(@digests, 32 * place.number + 1, 32)
        cross join files f on f.content_id = c.content_id
        join runs r on r.log_index = f.log_index
        join records rec on rec.log_index = f.log_index
        join paths p on p.path_id = f.path_id
        """;

    private const string FilesOfOneContent =
        """
        from files f
        cross join runs r on r.log_index = f.log_index
        join records rec on rec.log_index = f.log_index
        join paths p on p.path_id = f.path_id
        join contents c on c.content_id = f.content_id
        """;

    /// <summary>Of a content that was made more often than @limit, the newest by its runs' own time: in the log they may stand in another order.</summary>
    internal const string MadeSql =
        $"""
        {FilesOfContents}
        where f.content_id is not null and f.role in (1, 3) and r.ended_at <= @time
        and r.ended_at >= coalesce((
          select lr.ended_at
          from files l
          cross join runs lr on lr.log_index = l.log_index
          where l.content_id = c.content_id and l.content_id is not null and l.role in (1, 3) and lr.ended_at <= @time
          order by lr.ended_at desc
          limit 1 offset @limit), 0)
        """;

    /// <summary>Of a content that was used more often than @limit, the oldest.</summary>
    internal const string UsedSql =
        $"""
        {FilesOfContents}
        where f.content_id is not null and r.started_at >= @time
        {IsInput}
        and r.started_at <= coalesce((
          select lr.started_at
          from files l
          cross join runs lr on lr.log_index = l.log_index
          where l.content_id = c.content_id and l.content_id is not null and l.role in (0, 2) and lr.started_at >= @time
          order by lr.started_at
          limit 1 offset @limit), 9223372036854775807)
        """;

    /// <summary>Of a content that very many runs made, those that stand last in the log before the runs of a time: see <see cref="Often"/>.</summary>
    internal const string LastMadeSql =
        $"""
        {SelectLineage}
        {FilesOfOneContent}
        where f.content_id = @key and f.role in (1, 3) and f.log_index <= @place and r.ended_at <= @time
        order by f.log_index desc
        limit @limit
        """;

    /// <summary>Of a content that very many runs used, those that stand first in the log after the runs of a time.</summary>
    internal const string FirstUsedSql =
        $"""
        {SelectLineage}
        {FilesOfOneContent}
        where f.content_id = @key and f.log_index >= @place and r.started_at >= @time
        {IsInput}
        order by f.log_index
        limit @limit
        """;

    /// <summary>Regular files that a run had, and its standard input, in order of path.</summary>
    public IEnumerable<LineageFile> InputsOf(SqlBlob run) => connection.Query<RawLineageFile>(InputsSql, new { run }).Select(Row);

    /// <summary>The same, and what programs keep to be faster.</summary>
    public IEnumerable<LineageFile> ReadBy(SqlBlob run) => connection.Query<RawLineageFile>(ReadSql, new { run }).Select(Row);

    /// <summary>Files that a run made and whose content is known, and its standard output, in order of path.</summary>
    public IEnumerable<LineageFile> OutputsOf(SqlBlob run) => connection.Query<RawLineageFile>(OutputsSql, new { run }).Select(Row);

    /// <summary>Files with these contents that runs made which ended by this time.</summary>
    /// <param name="contents">SHA-256 each.</param>
    /// <param name="time">In milliseconds.</param>
    /// <param name="limit">At most about so many of each content, the newest.</param>
    public IEnumerable<LineageFile> FilesMade(IEnumerable<Digest> contents, long time, int limit)
    {
        var (seldom, often) = Often(contents, IsMade);
        return AskInParts(seldom, (digests, count) => connection.Query<RawLineageFile>(MadeSql, new { digests, count, time, limit }))
            .Concat(often.SelectMany(key => connection.Query<RawLineageFile>(LastMadeSql, new { key, time, place = PlaceOf(time), limit })).Select(Row));
    }

    /// <summary>Files with these contents that runs had which started at this time or later.</summary>
    /// <inheritdoc cref="FilesMade"/>
    public IEnumerable<LineageFile> FilesUsed(IEnumerable<Digest> contents, long time, int limit)
    {
        var (seldom, often) = Often(contents, IsUsed);
        return AskInParts(seldom, (digests, count) => connection.Query<RawLineageFile>(UsedSql, new { digests, count, time, limit }))
            .Concat(often.SelectMany(key => connection.Query<RawLineageFile>(FirstUsedSql, new { key, time, place = PlaceOf(time), limit })).Select(Row));
    }

    /// <summary>
    /// What half of all runs print, or a data set that all of them read: to find the newest of a million by their own times all would have to be read.
    /// Of these the log's own order is taken, which is nearly that of time.
    /// </summary>
    private (IReadOnlyList<Digest> Seldom, IReadOnlyList<long> Often) Often(IEnumerable<Digest> contents, string files)
    {
        var seldom = new List<Digest>();
        var often = new List<long>();
        foreach (var part in contents.Chunk(ContentsAtOnce))
        {
            var asked = new { digests = InOneValue(part), count = part.Length, many = ManyRuns };
            RawPlacedKey[] keys = [.. connection.Query<RawPlacedKey>(OftenSql(files), asked)];
            often.AddRange(keys.Select(key => key.Key));
            seldom.AddRange(part.Index().ExceptBy(keys.Select(key => key.Number), content => content.Index).Select(content => content.Item));
        }

        return (seldom, often);
    }

    internal static string OftenSql(string files) =>
        $"""
        {PlacesOfDigests}
        select place.number as Number, c.content_id as Key
        from place
        cross join contents c on c.sha256 = substr(@digests, 32 * place.number + 1, 32)
        where exists (select 1 from files f where f.content_id = c.content_id and f.content_id is not null and {files} limit 1 offset @many)
        """;

    /// <summary>About where in the log the runs of a time stand: what most of those that started last before it say.</summary>
    private long PlaceOf(long time)
    {
        long[] places = [.. connection.Query<long>(
            """
            select log_index
            from (select log_index from runs where started_at <= @time order by started_at desc, log_index desc limit 21)
            order by log_index
            """,
            new { time })];
        return places.Length == 0 ? 0 : places[places.Length / 2];
    }

    private static IEnumerable<LineageFile> AskInParts(
        IEnumerable<Digest> contents, Func<SqlBlob, int, IEnumerable<RawLineageFile>> ask) =>
        contents.Chunk(ContentsAtOnce)
            .SelectMany(part => ask(InOneValue(part), part.Length))
            .Select(Row);

    private static SqlBlob InOneValue(IEnumerable<Digest> digests) => new([.. digests.SelectMany(digest => digest.ToBytes())]);

    private static LineageFile Row(RawLineageFile raw) => new()
    {
        Run = Digest.FromHash(raw.Run),
        StartedAt = Time(raw.StartedAt),
        EndedAt = Time(raw.EndedAt),
        Role = (FileRole)raw.Role,
        Path = raw.Path,
        Sha256 = DigestOrNull(raw.Sha256),
        Size = raw.Bytes,
        Use = raw.Use is null ? null : CatalogNames.FileUseOf(raw.Use),
    };
}
