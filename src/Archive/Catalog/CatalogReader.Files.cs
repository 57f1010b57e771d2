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
        limit @Limit
        """;

    /// <param name="column">Of contents: sha256, sha512, sha1 or md5.</param>
    /// <param name="digest">The digest's bytes.</param>
    /// <param name="runs">Files of these runs alone, and how many at most.</param>
    public IEnumerable<FileMatch> FilesByDigest(string column, SqlBlob digest, RunFilter runs) =>
        Files(FilesByDigestSql(column, runs), runs, digest: digest);

    /// <summary>Files at this absolute path.</summary>
    public IEnumerable<FileMatch> FilesByPath(string path, RunFilter runs) =>
        Files(FilesByPathSql("p.path = @path", runs), runs, path: path);

    /// <summary>Files of this name in any folder.</summary>
    public IEnumerable<FileMatch> FilesByName(string name, RunFilter runs) =>
        Files(FilesByPathSql("p.name = @path", runs), runs, path: name);

    /// <summary>Files below this folder, whose path ends in a slash. The sign after the slash in ASCII is the zero.</summary>
    public IEnumerable<FileMatch> FilesBelow(string folder, RunFilter runs) =>
        Files(FilesByPathSql("p.path > @path and p.path < @end", runs), runs, path: folder, end: $"{folder[..^1]}0");

    internal static string FilesByDigestSql(string column, RunFilter runs) =>
        $"{SelectFiles}\n{FilesOfContent}\nwhere c.{column} = @digest{runs.ConditionsSql}\n{NewestFilesFirst}";

    internal static string FilesByPathSql(string condition, RunFilter runs) =>
        $"{SelectFiles}\n{FilesOfPath}\nwhere {condition}{runs.ConditionsSql}\n{NewestFilesFirst}";

    private IEnumerable<FileMatch> Files(string sql, RunFilter runs, SqlBlob? digest = null, string? path = null, string? end = null) =>
        connection.Query<RawFile>(
            sql,
            new
            {
                digest,
                path,
                end,
                runs.Limit,
                runs.Record,
                runs.Since,
                runs.Until,
                runs.AfterTime,
                runs.AfterIndex,
                runs.Image,
                runs.ImageReference,
                runs.CpuFeature,
                runs.Injected,
                runs.LabelName,
                runs.LabelValue,
                runs.Text,
                runs.Host,
                runs.Peer,
                runs.Program,
                runs.Commit,
                runs.CommitEnd,
                runs.Signer,
            }).Select(Row);

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
