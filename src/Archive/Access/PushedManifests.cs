using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>What clients of the registry have pushed: manifests, the tags that point to them, and what they need.</summary>
public sealed class PushedManifests(StoreLayout layout, TimeProvider time)
{
    private const string Columns =
        """
        select repository as Repository, digest as Digest, media_type as MediaType, bytes as Bytes, artifact_type as ArtifactType,
          subject as Subject, annotations as Annotations, owner as Owner, is_private as IsPrivate, public_at as PublicAt
        from manifests
        """;

    private const string TagColumns =
        """
        select repository as Repository, tag as Tag, digest as Digest, owner as Owner, is_private as IsPrivate, public_at as PublicAt
        from tags
        """;

    private const string BlobsOfSql =
        """
        select distinct b.blob as Hash
        from manifests m
        join manifest_blobs b on b.repository = m.repository and b.manifest = m.digest
        where m.digest = @manifest
        """;

    /// <summary>Keeps a manifest, and points a tag to it. All that it needs stays from now on.</summary>
    /// <remarks>What everybody may read already, nobody makes private by sending it once more; tags that are set now are as private as it is sent.</remarks>
    /// <param name="manifest">Its blob is in the store.</param>
    /// <param name="blobs">What it names and is here.</param>
    /// <param name="tags">Those that shall point to it.</param>
    /// <param name="overOthers">Whether other owners' tags move too.</param>
    /// <returns>A tag that is another owner's, and then nothing was done; null when all was.</returns>
    public string? Put(PushedManifest manifest, IReadOnlyCollection<Descriptor> blobs, IReadOnlyCollection<string> tags, bool overOthers = false)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        using var transaction = database.Connection.BeginTransaction();
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var digest = SqlBlob.Of(manifest.Manifest.Digest);
        database.Connection.Execute(
            """
            insert into manifests (repository, digest, media_type, bytes, artifact_type, subject, annotations, owner, is_private, public_at, pushed_at)
            values (@repository, @digest, @mediaType, @bytes, @artifactType, @subject, @annotations, @owner, @isPrivate, @publicAt, @now)
            on conflict (repository, digest) do update set is_private = excluded.is_private, public_at = excluded.public_at
              where owner = excluded.owner and is_private = 1 and (public_at is null or public_at > @now)
            """,
            new
            {
                repository = manifest.Repository,
                digest,
                mediaType = manifest.Manifest.MediaType,
                bytes = manifest.Manifest.Size,
                artifactType = manifest.ArtifactType,
                subject = SqlBlob.Of(manifest.Subject),
                annotations = manifest.Annotations,
                owner = manifest.Owner,
                isPrivate = manifest.IsPrivate,
                publicAt = manifest.PublicAt?.ToUnixTimeMilliseconds(),
                now,
            },
            transaction);
        foreach (var blob in blobs.DistinctBy(blob => blob.Digest))
        {
            database.Connection.Execute(
                """
                insert into manifest_blobs (repository, manifest, blob, bytes) values (@repository, @digest, @blob, @bytes)
                on conflict do nothing
                """,
                new { repository = manifest.Repository, digest, blob = SqlBlob.Of(blob.Digest), bytes = blob.Size },
                transaction);
        }

        foreach (string tag in tags)
        {
            int moved = database.Connection.Execute(
                """
                insert into tags (repository, tag, digest, owner, is_private, public_at, moved_at)
                values (@repository, @tag, @digest, @owner, @isPrivate, @publicAt, @now)
                on conflict (repository, tag) do update set digest = excluded.digest, owner = excluded.owner, is_private = excluded.is_private,
                  public_at = excluded.public_at, moved_at = excluded.moved_at
                  where owner = excluded.owner or @overOthers
                """,
                new
                {
                    repository = manifest.Repository,
                    tag,
                    digest,
                    owner = manifest.Owner,
                    isPrivate = manifest.IsPrivate,
                    publicAt = manifest.PublicAt?.ToUnixTimeMilliseconds(),
                    now,
                    overOthers,
                },
                transaction);
            if (moved == 0)
            {
                transaction.Rollback();
                return tag;
            }
        }

        transaction.Commit();
        return null;
    }

    /// <summary>Every manifest, in order of repository and digest.</summary>
    public IReadOnlyList<PushedManifest> List()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null ? [] : [.. database.Connection.Query<RawManifest>($"{Columns}\norder by repository, digest").Select(Manifest)];
    }

    /// <summary>Every tag, in order.</summary>
    public IReadOnlyList<PushedTag> Tags()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null
            ? []
            :
            [
                .. database.Connection.Query<RawTag>($"{TagColumns}\norder by repository, tag").Select(Tag),
            ];
    }

    /// <returns>Null when there is none.</returns>
    public PushedTag? FindTag(string repository, string tag)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database?.Connection.QueryFirstOrDefault<RawTag>(
            $"{TagColumns}\nwhere repository = @repository and tag = @tag", new { repository, tag }) is { } raw ? Tag(raw) : null;
    }

    /// <returns>Who moved a tag last; null when there is none.</returns>
    public string? OwnerOfTag(string repository, string tag) => FindTag(repository, tag)?.Owner;

    /// <summary>Whether anything was pushed and is here.</summary>
    public bool HasAny()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database?.Connection.ExecuteScalar<long>("select exists (select 1 from manifests)") == 1;
    }

    /// <summary>Whether a manifest that somebody may read is this blob, or names it.</summary>
    /// <param name="blob">What.</param>
    /// <param name="owner">Whose things he may read; null for nobody's.</param>
    /// <param name="withheld">Manifests that he may not read, whosever they are.</param>
    public bool ShowsTo(Digest blob, string? owner, IReadOnlySet<Digest> withheld)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        if (database is null)
        {
            return false;
        }

        // Of one more than are withheld one is not.
        RawHash[] found =
        [
            .. database.Connection.Query<RawHash>(
                """
                select distinct m.digest as Hash
                from manifests m
                where (m.is_private = 0 or m.owner = @owner or m.public_at <= @now)
                  and (m.digest = @blob or exists (
                    select 1 from manifest_blobs b where b.blob = @blob and b.repository = m.repository and b.manifest = m.digest))
                limit @most
                """,
                new { blob = SqlBlob.Of(blob), owner, now = time.GetUtcNow().ToUnixTimeMilliseconds(), most = withheld.Count + 1 }),
        ];
        return found.Any(row => !withheld.Contains(Digest.FromHash(row.Hash)));
    }

    /// <summary>Manifests that are one of these or name one, such as a bundle with the record, and those that refer to such a one.</summary>
    public IReadOnlySet<Digest> With(IReadOnlyCollection<Digest> these)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null
            ? new HashSet<Digest>()
            :
            [
                .. these.SelectMany(one => database.Connection.Query<RawHash>(
                    """
                    with named (digest) as (
                      select digest from manifests where digest = @one union select manifest from manifest_blobs where blob = @one)
                    select digest as Hash from named
                    union select m.digest from manifests m where m.subject in (select digest from named)
                    """,
                    new { one = SqlBlob.Of(one) }))
                    .Select(row => Digest.FromHash(row.Hash)),
            ];
    }

    /// <summary>What a manifest names.</summary>
    public IReadOnlyList<Digest> BlobsOf(Digest manifest)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null
            ? []
            :
            [
                .. database.Connection.Query<RawHash>(
                    BlobsOfSql, new { manifest = SqlBlob.Of(manifest) })
                    .Select(row => Digest.FromHash(row.Hash)),
            ];
    }

    /// <summary>Everything that must stay: manifests, and what they name.</summary>
    /// <param name="takenDown">Records: what has one of them in it needs nothing.</param>
    public IReadOnlyList<Digest> Needed(IReadOnlyCollection<Digest> takenDown)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        if (database is null)
        {
            return [];
        }

        var withheld = With(takenDown);
        Digest[] manifests =
        [
            .. database.Connection.Query<RawHash>("select distinct digest as Hash from manifests")
                .Select(row => Digest.FromHash(row.Hash))
                .Where(manifest => !withheld.Contains(manifest)),
        ];
        return
        [
            .. manifests,
            .. manifests.SelectMany(manifest => database.Connection.Query<RawHash>(BlobsOfSql, new { manifest = SqlBlob.Of(manifest) }))
                .Select(row => Digest.FromHash(row.Hash)),
        ];
    }

    /// <summary>Takes a tag away; what it points to stays.</summary>
    /// <returns>False when there was none.</returns>
    public bool RemoveTag(string repository, string tag)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        return database.Connection.Execute("delete from tags where repository = @repository and tag = @tag", new { repository, tag }) > 0;
    }

    /// <summary>Takes a manifest away with its tags. Its bytes go at the next <c>prov archive gc</c>, when nothing else needs them.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(string repository, Digest manifest)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        using var transaction = database.Connection.BeginTransaction();
        var digest = SqlBlob.Of(manifest);
        database.Connection.Execute("delete from tags where repository = @repository and digest = @digest", new { repository, digest }, transaction);
        int removed = database.Connection.Execute(
            "delete from manifests where repository = @repository and digest = @digest", new { repository, digest }, transaction);
        transaction.Commit();
        return removed > 0;
    }

    /// <summary>Bytes of somebody's manifests and of what they name, each blob counted once.</summary>
    public long BytesOf(string owner)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database?.Connection.ExecuteScalar<long>(
            """
            select coalesce(sum(bytes), 0)
            from (
              select blob, max(bytes) as bytes
              from (
                select b.blob, b.bytes
                from manifest_blobs b
                join manifests m on m.repository = b.repository and m.digest = b.manifest
                where m.owner = @owner
                union all
                select digest, bytes from manifests where owner = @owner)
              group by blob)
            """,
            new { owner }) ?? 0;
    }

    /// <summary>The same with blobs that are to come: those that are his already come for nothing.</summary>
    public long BytesOf(string owner, IReadOnlyCollection<Descriptor> coming)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return BytesOf(owner) + coming.DistinctBy(blob => blob.Digest).Where(blob => !IsOf(database, owner, blob.Digest)).Sum(blob => blob.Size);
    }

    /// <summary>Whether a blob is a manifest of somebody, or one of his manifests names it.</summary>
    public bool IsOf(string owner, Digest blob)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return IsOf(database, owner, blob);
    }

    private static bool IsOf(ServiceDatabase? database, string owner, Digest blob) =>
        database?.Connection.ExecuteScalar<long>(
            """
            select
              exists (select 1 from manifests where digest = @blob and owner = @owner)
              or exists (
                select 1
                from manifest_blobs b
                join manifests m on m.repository = b.repository and m.digest = b.manifest
                where b.blob = @blob and m.owner = @owner)
            """,
            new { blob = SqlBlob.Of(blob), owner }) == 1;

    /// <summary>How much somebody may have here; null for any amount.</summary>
    public long? QuotaOf(string owner)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database?.Connection.QuerySingleOrDefault<long?>("select max_bytes from quotas where owner = @owner", new { owner });
    }

    /// <param name="owner">Whose.</param>
    /// <param name="bytes">Null for any amount.</param>
    public void SetQuota(string owner, long? bytes)
    {
        TokenStore.CheckText("owner", owner);
        using var database = ServiceDatabase.OpenForWriting(layout);
        if (bytes is { } most)
        {
            database.Connection.Execute(
                "insert into quotas (owner, max_bytes) values (@owner, @most) on conflict (owner) do update set max_bytes = excluded.max_bytes",
                new { owner, most });
        }
        else
        {
            database.Connection.Execute("delete from quotas where owner = @owner", new { owner });
        }
    }

    private static PushedTag Tag(RawTag raw) => new(raw.Repository, raw.Tag, Digest.FromHash(raw.Digest))
    {
        Owner = raw.Owner,
        IsPrivate = raw.IsPrivate,
        PublicAt = ServiceTime.Of(raw.PublicAt),
    };

    private static PushedManifest Manifest(RawManifest raw) => new()
    {
        Repository = raw.Repository,
        Manifest = new Descriptor { MediaType = raw.MediaType, Digest = Digest.FromHash(raw.Digest), Size = raw.Bytes },
        ArtifactType = raw.ArtifactType,
        Subject = raw.Subject is null ? null : Digest.FromHash(raw.Subject),
        Annotations = raw.Annotations,
        Owner = raw.Owner,
        IsPrivate = raw.IsPrivate,
        PublicAt = ServiceTime.Of(raw.PublicAt),
    };
}
