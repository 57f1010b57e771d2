using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectFiles =
        """
        select rec.digest as Digest, r.started_at as StartedAt, f.role as Role, p.path as Path, c.sha256 as Sha256,
          f.bytes as Bytes, f.kept as Kept, f.use as Use, f.class as Class, r.command as Command
        """;

    private const string FilesOfContent =
        """
        from contents c
        cross join files f on f.content_id = c.content_id
        join paths p on p.path_id = f.path_id
        join runs r on r.log_index = f.log_index
        join records rec on rec.log_index = f.log_index
        """;

    private const string FilesOfPath =
        """
        from paths p
        cross join files f on f.path_id = p.path_id
        left join contents c on c.content_id = f.content_id
        join runs r on r.log_index = f.log_index
        join records rec on rec.log_index = f.log_index
        """;

    private const string NewestFilesFirst =
        """
        order by r.started_at desc, f.log_index desc, f.role desc, f.position
        limit @limit
        """;

    /// <param name="column">Of contents: sha256, sha512, sha1 or md5.</param>
    /// <param name="digest">The digest's bytes.</param>
    /// <param name="limit">At most this many.</param>
    public IEnumerable<FileMatch> FilesByDigest(string column, SqlBlob digest, int limit) =>
        connection.Query<RawFile>(FilesByDigestSql(column), new { digest, limit }).Select(Row);

    /// <summary>Files at this absolute path.</summary>
    public IEnumerable<FileMatch> FilesByPath(string path, int limit) =>
        connection.Query<RawFile>(
            FilesByPathSql("p.path = @path"),
            new { path, limit }).Select(Row);

    /// <summary>Files of this name in any folder.</summary>
    public IEnumerable<FileMatch> FilesByName(string name, int limit) =>
        connection.Query<RawFile>(
            FilesByPathSql("p.name = @name"),
            new { name, limit }).Select(Row);

    /// <summary>Files below this folder, whose path ends in a slash. The sign after the slash in ASCII is the zero.</summary>
    public IEnumerable<FileMatch> FilesBelow(string folder, int limit)
    {
        string end = $"{folder[..^1]}0";
        return connection.Query<RawFile>(
            FilesByPathSql("p.path > @folder and p.path < @end"),
            new { folder, end, limit }).Select(Row);
    }

    internal static string FilesByDigestSql(string column) =>
        $"{SelectFiles}\n{FilesOfContent}\nwhere c.{column} = @digest\n{NewestFilesFirst}";

    internal static string FilesByPathSql(string condition) =>
        $"{SelectFiles}\n{FilesOfPath}\nwhere {condition}\n{NewestFilesFirst}";

    private static FileMatch Row(RawFile raw) => new()
    {
        Run = Digest.FromHash(raw.Digest),
        StartedAt = Time(raw.StartedAt),
        Role = (FileRole)raw.Role,
        Path = raw.Path,
        Sha256 = DigestOrNull(raw.Sha256),
        Size = raw.Bytes,
        Kept = raw.Kept,
        Use = raw.Use is null ? null : CatalogNames.FileUseOf(raw.Use),
        Class = raw.Class is null ? null : CatalogNames.FileClassOf(raw.Class),
        Command = raw.Command,
    };
}
