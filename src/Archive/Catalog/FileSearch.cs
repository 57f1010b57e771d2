using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>Finds the newest of files of which there may be two or half a million: reference data, an interpreter, what every run prints.</summary>
/// <remarks>
/// As <see cref="RunSearch"/> finds runs: few are read and put in order; of many the last in the log, and then those that are newer and stand elsewhere.
/// Only where a thousand stand in dozens of folders, the newest are not looked for among all of them: there is no index that has them in any order of time.
/// </remarks>
/// <param name="connection">To a catalog.</param>
/// <param name="runs">Conditions on the runs.</param>
/// <param name="few">So many files are put in order faster than others are gone through.</param>
/// <param name="beyond">Read beyond what is asked for.</param>
internal sealed class FileSearch(SqliteConnection connection, RunFilter runs, int few = 1000, int beyond = 100)
{
    /// <summary>Contents or paths, each of which is asked for by itself.</summary>
    private const int MostKeys = 16;

    /// <summary>Of files in more folders, so many are looked at.</summary>
    private const int MostLookedAt = 400;

    /// <summary>Whoever asks for more gets what takes long anyway.</summary>
    private const int MostAtOnce = 2000;

    /// <param name="group">Which.</param>
    /// <param name="path">Path, name or folder.</param>
    /// <param name="end">Behind the last path of a folder.</param>
    /// <param name="digest">Of a content.</param>
    public IEnumerable<RawFile> Find(FileGroup group, string? path = null, string? end = null, SqlBlob? digest = null)
    {
        var asked = new { path, end, digest };
        if (runs.Limit > MostAtOnce || connection.ExecuteScalar<int>(group.CountSql(few + 1), asked) <= few)
        {
            return Ask(group.AllSql(runs), runs, path, end, digest);
        }

        long[] keys = [.. connection.Query<long>(group.KeysSql(MostKeys + 1), asked)];
        return keys.Length > MostKeys
            ? Ask(group.SomeSql(runs, MostLookedAt), runs, path, end, digest)
            : Newest(keys.SelectMany(key => FindLast(group, key)), runs.Limit);
    }

    private List<RawFile> FindLast(FileGroup group, long key)
    {
        var part = runs.Of(key).In(0, long.MaxValue, runs.Limit + beyond);
        var last = Ask(group.LastSql(part), part);
        var newest = Newest(last, runs.Limit);
        if (last.Count < part.Limit)
        {
            return newest;
        }

        // The last run may have more of them than were read.
        part = part.In(last[^1].LogIndex + 1, long.MaxValue, runs.Limit).NewerThan(newest[^1].StartedAt - 1, long.MaxValue);
        return Newest([.. newest, .. Ask(group.NewerElsewhereSql(part), part)], runs.Limit);
    }

    private static List<RawFile> Newest(IEnumerable<RawFile> files, int limit) =>
    [
        .. files.DistinctBy(file => (file.LogIndex, file.Role, file.Position))
            .OrderByDescending(file => file.StartedAt)
            .ThenByDescending(file => file.LogIndex)
            .ThenByDescending(file => file.Role)
            .ThenBy(file => file.Position)
            .Take(limit),
    ];

    private List<RawFile> Ask(string sql, RunFilter conditions, string? path = null, string? end = null, SqlBlob? digest = null) =>
    [
        .. connection.Query<RawFile>(
            sql,
            new
            {
                digest,
                path,
                end,
                conditions.Limit,
                conditions.Since,
                conditions.Until,
                conditions.AfterTime,
                conditions.AfterIndex,
                conditions.Image,
                conditions.ImageReference,
                conditions.Manifests,
                conditions.ManifestPlaces,
                conditions.CpuFeature,
                conditions.Injected,
                conditions.LabelName,
                conditions.LabelValue,
                conditions.Text,
                conditions.Host,
                conditions.Peer,
                conditions.Program,
                conditions.Commit,
                conditions.CommitEnd,
                conditions.Signer,
                conditions.Lowest,
                conditions.Highest,
                conditions.FromTime,
                conditions.FromIndex,
                conditions.Key,
            }),
    ];
}
