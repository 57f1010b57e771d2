using Dapper;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    /// <param name="column">Of contents: sha256, sha512, sha1 or md5.</param>
    /// <param name="digest">The digest's bytes.</param>
    /// <param name="runs">Files of these runs alone, and how many at most.</param>
    public IEnumerable<FileMatch> FilesByDigest(string column, SqlBlob digest, RunFilter runs) =>
        new FileSearch(connection, runs).Find(FileGroup.OfDigest(column), digest: digest).Select(Row);

    /// <summary>Files at this absolute path.</summary>
    public IEnumerable<FileMatch> FilesByPath(string path, RunFilter runs) => new FileSearch(connection, runs).Find(FileGroup.OfPath, path).Select(Row);

    /// <summary>Files of this name in any folder.</summary>
    public IEnumerable<FileMatch> FilesByName(string name, RunFilter runs) => new FileSearch(connection, runs).Find(FileGroup.OfName, name).Select(Row);

    /// <summary>Files below this folder, whose path ends in a slash. The sign after the slash in ASCII is the zero.</summary>
    public IEnumerable<FileMatch> FilesBelow(string folder, RunFilter runs) =>
        new FileSearch(connection, runs).Find(FileGroup.BelowFolder, folder, end: $"{folder[..^1]}0").Select(Row);

    /// <summary>Contents whose SHA-256 begins so, in its order.</summary>
    public IEnumerable<Digest> ContentsBeginning(DigestPrefix prefix, int limit) =>
        connection.Query<RawHash>(
            """
            select distinct sha256 as Hash
            from contents
            where sha256 between @low and @high
            order by sha256
            limit @limit
            """,
            new { low = prefix.Low, high = prefix.High, limit })
            .Select(row => Digest.FromHash(row.Hash));

    private static FileMatch Row(RawFile raw) => new()
    {
        Run = Digest.FromHash(raw.Digest),
        Place = new FilePlace(raw.LogIndex, raw.Role, raw.Position),
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
