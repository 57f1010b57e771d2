using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>Which records not everybody may read over the web. On the machine that keeps the archive, file permissions decide.</summary>
public sealed class Restrictions(StoreLayout layout, TimeProvider time)
{
    /// <summary>Restricts records, whether they are here already or about to come. One that was restricted has only the new restriction.</summary>
    public void Set(IReadOnlyCollection<Digest> records, string? owner, DateTimeOffset? publicAt)
    {
        if (owner is not null)
        {
            TokenStore.CheckText("owner", owner);
        }

        using var database = ServiceDatabase.OpenForWriting(layout);
        using var transaction = database.Connection.BeginTransaction();
        foreach (var record in records)
        {
            database.Connection.Execute(
                """
                insert into restrictions (record, owner, public_at, set_at) values (@record, @owner, @publicAt, @now)
                on conflict (record) do update set owner = excluded.owner, public_at = excluded.public_at, set_at = excluded.set_at
                """,
                new
                {
                    record = SqlBlob.Of(record),
                    owner,
                    publicAt = publicAt?.ToUnixTimeMilliseconds(),
                    now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                },
                transaction);
        }

        transaction.Commit();
    }

    /// <summary>From now on everybody may read them.</summary>
    /// <returns>How many were restricted.</returns>
    public int Lift(IReadOnlyCollection<Digest> records)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        return records.Sum(record => database.Connection.Execute("delete from restrictions where record = @record", new { record = SqlBlob.Of(record) }));
    }

    /// <summary>Those in force, in order of digest.</summary>
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
                    order by record
                    """,
                    new { now = time.GetUtcNow().ToUnixTimeMilliseconds() })
                    .Select(raw => new Restriction
                    {
                        Record = Digest.FromHash(raw.Record),
                        Owner = raw.Owner,
                        PublicAt = ServiceTime.Of(raw.PublicAt),
                    }),
            ];
    }
}
