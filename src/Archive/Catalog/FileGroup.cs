namespace Provenance.Archive.Catalog;

/// <summary>Files that are asked for together: of one content, at one path, of one name or below one folder.</summary>
/// <param name="Table">That has them each once: contents c or paths p.</param>
/// <param name="Key">Its key, which is the same column of files.</param>
/// <param name="Where">The condition on it.</param>
internal sealed record FileGroup(string Table, string Key, string Where)
{
    public static readonly FileGroup OfPath = new("paths p", "path_id", "p.path = @path");
    public static readonly FileGroup OfName = new("paths p", "path_id", "p.name = @path");
    public static readonly FileGroup BelowFolder = new("paths p", "path_id", "p.path > @path and p.path < @end");

    private const string SelectSql =
        """
        select f.log_index as LogIndex, rec.digest as Digest, r.started_at as StartedAt, f.role as Role, f.position as Position, p.path as Path,
          c.sha256 as Sha256, f.bytes as Bytes, f.kept as Kept, f.use as Use, f.class as Class, r.command as Command
        """;

    private const string WithRunSql =
        """
        join runs r on r.log_index = f.log_index
        join records rec on rec.log_index = f.log_index
        """;

    private const string WithNamesSql =
        """
        join records rec on rec.log_index = f.log_index
        join paths p on p.path_id = f.path_id
        left join contents c on c.content_id = f.content_id
        """;

    private const string NewestFirstSql = "order by r.started_at desc, f.log_index desc, f.role desc, f.position\nlimit @Limit";

    private string Alias => Table[^1..];

    /// <summary>What the key does not lead to.</summary>
    private string OtherSql => Key == "content_id"
        ? "join paths p on p.path_id = f.path_id"
        : "left join contents c on c.content_id = f.content_id";

    /// <param name="column">Of contents: sha256, sha512, sha1 or md5.</param>
    public static FileGroup OfDigest(string column) => new("contents c", "content_id", $"c.{column} = @digest");

    /// <summary>How many files there are, of all runs, up to so many.</summary>
    public string CountSql(int most) =>
        $"select count(*) from (select 1 from {Table} cross join files f on f.{Key} = {Alias}.{Key} where {Where} limit {most})";

    /// <summary>The contents or paths, up to so many.</summary>
    public string KeysSql(int most) => $"select {Alias}.{Key} from {Table} where {Where} limit {most}";

    /// <summary>All files that there are, put in order: for few.</summary>
    public string AllSql(RunFilter runs) =>
        $"{SelectSql}\nfrom {Table}\ncross join files f on f.{Key} = {Alias}.{Key}\n{OtherSql}\n{WithRunSql}\n"
        + $"where {Where}{runs.ConditionsSql}\n{NewestFirstSql}";

    /// <summary>The files of one content or path in the order of the log, the last first.</summary>
    public string LastSql(RunFilter runs) =>
        $"{SelectSql}\nfrom files f\ncross join runs r on r.log_index = f.log_index\n{WithNamesSql}\nwhere f.{Key} = @Key{runs.ConditionsSql}\n"
        + "order by f.log_index desc\nlimit @Limit";

    /// <summary>Those of newer runs that stand further back in the log.</summary>
    public string NewerElsewhereSql(RunFilter runs) =>
        $"{SelectSql}\nfrom runs r\ncross join files f on f.log_index = r.log_index and f.{Key} = @Key\n{WithNamesSql}\n"
        + $"where {RunFilter.IsNewerElsewhereSql}{runs.ConditionsSql}\n{NewestFirstSql}";

    /// <summary>So many of them at most, whichever an index has first, and the newest of these.</summary>
    public string SomeSql(RunFilter runs, int most) =>
        $"""
        {SelectSql}
        from (
          select f.log_index, f.role, f.position
          from {Table}
          cross join files f on f.{Key} = {Alias}.{Key}
          join runs r on r.log_index = f.log_index
          where {Where}{runs.ConditionsSql}
          limit {most}) some
        cross join files f on f.log_index = some.log_index and f.role = some.role and f.position = some.position
        join runs r on r.log_index = f.log_index
        {WithNamesSql}
        {NewestFirstSql}
        """;
}
