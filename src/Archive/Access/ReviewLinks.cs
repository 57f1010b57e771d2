using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>Links by which reviewers read some records without names.</summary>
public sealed class ReviewLinks(StoreLayout layout, TimeProvider time)
{
    private const string LinkPrefix = "prov-review_";

    private const string Columns =
        "select review_id as Id, label as Label, created_at as CreatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt from reviews";

    /// <returns>What stands at the end of the link. It is shown once and kept nowhere.</returns>
    /// <exception cref="ArchiveException">It cannot be called so.</exception>
    public string Create(string label, IReadOnlyCollection<Digest> records, DateTimeOffset? expiresAt)
    {
        TokenStore.CheckText("label", label);
        string text = SecretText.Make(LinkPrefix);
        using var database = ServiceDatabase.OpenForWriting(layout);
        using var transaction = database.Connection.BeginTransaction();
        long id = database.Connection.ExecuteScalar<long>(
            """
            insert into reviews (hash, label, created_at, expires_at) values (@hash, @label, @created, @expires)
            returning review_id
            """,
            new
            {
                hash = SqlBlob.Of(SecretText.HashOf(text)),
                label,
                created = time.GetUtcNow().ToUnixTimeMilliseconds(),
                expires = expiresAt?.ToUnixTimeMilliseconds(),
            },
            transaction);
        foreach (var record in records.Distinct())
        {
            database.Connection.Execute(
                "insert into reviewed (review_id, record) values (@id, @record)", new { id, record = SqlBlob.Of(record) }, transaction);
        }

        transaction.Commit();
        return text;
    }

    /// <returns>Null for one that is none, or is no longer valid.</returns>
    public ReviewLink? Find(string text)
    {
        if (!SecretText.IsOne(text))
        {
            return null;
        }

        using var database = ServiceDatabase.OpenForReading(layout);
        var link = database?.Connection.Query<RawReview>($"{Columns}\nwhere hash = @hash", new { hash = SqlBlob.Of(SecretText.HashOf(text)) })
            .Select(raw => Link(database, raw)).SingleOrDefault();
        return link?.IsValidAt(time.GetUtcNow()) == true ? link : null;
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<ReviewLink> List()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null ? [] : [.. database.Connection.Query<RawReview>($"{Columns}\norder by review_id").Select(raw => Link(database, raw))];
    }

    /// <returns>False when there is no such link.</returns>
    public bool Revoke(long id)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        return database.Connection.Execute(
            "update reviews set revoked_at = coalesce(revoked_at, @now) where review_id = @id",
            new { id, now = time.GetUtcNow().ToUnixTimeMilliseconds() }) > 0;
    }

    private static ReviewLink Link(ServiceDatabase database, RawReview raw) => new()
    {
        Id = raw.Id,
        Label = raw.Label,
        CreatedAt = ServiceTime.Of(raw.CreatedAt),
        ExpiresAt = ServiceTime.Of(raw.ExpiresAt),
        RevokedAt = ServiceTime.Of(raw.RevokedAt),
        Records =
        [
            .. database.Connection.Query<RawHash>("select record as Hash from reviewed where review_id = @id order by record", new { id = raw.Id })
                .Select(row => Digest.FromHash(row.Hash)),
        ],
    };
}
