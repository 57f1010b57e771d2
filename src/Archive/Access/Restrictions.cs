using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>Which records not everybody may read over the web. On the machine that keeps the archive, file permissions decide.</summary>
public sealed class Restrictions(StoreLayout layout, TimeProvider time)
{
    /// <summary>Restricts records, whether they are here already or about to come. What restricted them before does so no longer.</summary>
    /// <param name="records">Or pushed manifests.</param>
    /// <param name="owner">Who may read them meanwhile; null for administrators alone.</param>
    /// <param name="publicAt">From then on everybody may; null for never.</param>
    public void Set(IReadOnlyCollection<Digest> records, string? owner, DateTimeOffset? publicAt) => Write(records, owner, publicAt, alone: true);

    /// <summary>The same, and whoever was let read them before still is.</summary>
    public void Add(IReadOnlyCollection<Digest> records, string owner, DateTimeOffset? publicAt) => Write(records, owner, publicAt, alone: false);

    /// <summary>From now on everybody may read them.</summary>
    /// <returns>How many were restricted.</returns>
    public int Lift(IReadOnlyCollection<Digest> records)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        return records.Sum(record => database.Connection.Execute("delete from restrictions where record = @record", new { record = SqlBlob.Of(record) }));
    }

    /// <summary>Those in force, in order of digest; one record may have several.</summary>
    public IReadOnlyList<Restriction> List()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null
            ? []
            :
            [
                .. database.Connection.Query<RawRestriction>(
                    """
                    select record as Record, owner as Owner, public_at as PublicAt
                    from restrictions
                    where public_at is null or public_at > @now
                    order by record, owner
                    """,
                    new { now = time.GetUtcNow().ToUnixTimeMilliseconds() })
                    .Select(raw => new Restriction
                    {
                        Record = Digest.FromHash(raw.Record),
                        Owner = raw.Owner.Length == 0 ? null : raw.Owner,
                        PublicAt = ServiceTime.Of(raw.PublicAt),
                    }),
            ];
    }

    private void Write(IReadOnlyCollection<Digest> records, string? owner, DateTimeOffset? publicAt, bool alone)
    {
        if (owner is not null)
        {
            TokenStore.CheckText("owner", owner);
        }

        using var database = ServiceDatabase.OpenForWriting(layout);
        using var transaction = database.Connection.BeginTransaction();
        foreach (var record in records.Select(SqlBlob.Of))
        {
            if (alone)
            {
                database.Connection.Execute("delete from restrictions where record = @record", new { record }, transaction);
            }

            database.Connection.Execute(
                """
                insert into restrictions (record, owner, public_at, set_at) values (@record, @owner, @publicAt, @now)
                on conflict (record, owner) do update set public_at = excluded.public_at, set_at = excluded.set_at
                """,
                new
                {
                    record,
                    owner = owner ?? "",
                    publicAt = publicAt?.ToUnixTimeMilliseconds(),
                    now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                },
                transaction);
        }

        transaction.Commit();
    }
}
