using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>Finds the newest runs under conditions, of which each may be fulfilled by three runs or by half a million.</summary>
/// <remarks>
/// 1 a condition that few runs fulfil: these are read and put in order · 2 otherwise, of a condition whose index has its runs in the order of the log,
/// the last are read: the log has runs nearly in the order in which they began · 3 which it does not promise: long jobs, and runs that were imported
/// later, are newer and stand elsewhere. The index of times says which those are, and few are left to be asked for the conditions · 4 a condition whose
/// index has no such order: runs are gone through by time, and each is asked. The answer is the same by every way. First come places in the log
/// alone; only the runs that are answered are read with records and hosts.
/// </remarks>
/// <param name="connection">To a catalog.</param>
/// <param name="filter">The conditions.</param>
/// <param name="few">So many runs are put in order faster than others are gone through.</param>
/// <param name="beyond">Read beyond what is asked for, so that nearly always nothing newer stands before them in the log.</param>
internal sealed class RunSearch(SqliteConnection connection, RunFilter filter, int few = 1000, int beyond = 100)
{
    /// <summary>Whoever asks for more gets what takes long anyway.</summary>
    private const int MostAtOnce = 2000;

    private readonly RunFilter _filter = filter.Text is null ? filter : new WordSieve(connection).Narrow(filter);

    public IEnumerable<RawRun> Find()
    {
        var sources = _filter.Sources();
        if (sources.Count == 0 || _filter.Limit > MostAtOnce)
        {
            return Read(_filter.ToSql(), _filter);
        }

        var (rarest, count) = (sources[0], int.MaxValue);
        (RunSource Source, RunSourceArm Arm)? ordered = null;
        foreach (var source in sources)
        {
            var arms = source.Arms.Select(arm => (Arm: arm, Count: Count(arm))).Where(arm => arm.Count > 0).ToList();
            int sum = arms.Sum(arm => arm.Count);
            (rarest, count) = sum < count ? (source, sum) : (rarest, count);
            ordered ??= arms is [{ Arm.IsOrdered: true }] ? (source, arms[0].Arm) : null;
        }

        // :: Steps 1, 2 and 4
        return count == 0 ? []
            : count <= few ? Read(Ask(_filter.FewPlacesSql(rarest), _filter))
            : ordered is { } many ? Read(FindLast(many.Source, many.Arm))
            : Read(_filter.ToSql(), _filter);
    }

    private List<RawPlace> FindLast(RunSource source, RunSourceArm arm)
    {
        // :: Step 2
        var part = _filter.In(Lowest(), Highest(), _filter.Limit + beyond);
        var last = Ask(part.LastPlacesSql(source, arm), part);
        var newest = Newest(last);
        long lowest = last.Count == part.Limit ? last[^1].LogIndex : part.Lowest;

        // :: Step 3
        part = _filter.In(lowest, part.Highest, _filter.Limit);
        part = newest.Count == _filter.Limit ? part.NewerThan(newest[^1].StartedAt, newest[^1].LogIndex) : part;
        return Newest([.. newest, .. Ask(part.NewerElsewhereSql(), part)]);
    }

    private List<RawPlace> Newest(IEnumerable<RawPlace> places) =>
    [
        .. places.DistinctBy(place => place.LogIndex)
            .OrderByDescending(place => place.StartedAt)
            .ThenByDescending(place => place.LogIndex)
            .Take(_filter.Limit),
    ];

    /// <summary>About where in the log the runs begin that are new enough: what most of the first of them say, for one may have been imported later.</summary>
    private long Lowest() => _filter.Since is null ? 0 : Median(
        "select log_index from (select log_index from runs where started_at >= @Since order by started_at, log_index limit 21) order by log_index") ?? 0;

    /// <summary>About where the runs end that are old enough.</summary>
    private long Highest() => (_filter.AfterTime ?? _filter.Until) is null ? long.MaxValue : Median(
        """
        select log_index
        from (
          select log_index
          from runs
          where started_at < min(coalesce(@Until, @AfterTime), coalesce(@AfterTime, @Until))
          order by started_at desc, log_index desc
          limit 21)
        order by log_index
        """) ?? long.MaxValue;

    private long? Median(string sql)
    {
        long[] places = [.. connection.Query<long>(sql, _filter)];
        return places.Length == 0 ? null : places[places.Length / 2];
    }

    private int Count(RunSourceArm arm) => connection.ExecuteScalar<int>(arm.CountSql(few + 1), _filter);

    // Not all conditions as parameters: Dapper looks for the name of each in the text of the query.
    private List<RawRun> Read(List<RawPlace> found) => found.Count == 0
        ? []
        : [.. connection.Query<RawRun>(RunFilter.OfPlacesSql, new { places = RunFilter.JsonArray(found.Select(place => place.LogIndex)) })];

    // Read whole: only then is the statement done with.
    private List<RawRun> Read(string sql, RunFilter conditions) => [.. connection.Query<RawRun>(sql, conditions)];

    private List<RawPlace> Ask(string sql, RunFilter conditions) => [.. connection.Query<RawPlace>(sql, conditions)];
}
