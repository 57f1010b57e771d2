using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>Finds the few runs that can have some words, by the rarest part of them.</summary>
/// <remarks>
/// The index has three letters at a time. To find <c>--seed 570744</c> SQLite goes through the runs of all eleven, of which some are in every run:
/// among a million that takes 60 ms. The runs of <c>570744</c> alone it has in one. Which part is rare the newest runs tell.
/// </remarks>
internal sealed class WordSieve(SqliteConnection connection)
{
    /// <summary>Letters of the part that is asked for first: four trigrams.</summary>
    private const int Length = 6;

    private const int Trigram = 3;

    /// <summary>Of long words the beginning is enough.</summary>
    private const int MostLookedAt = 100;

    /// <summary>Each is asked for the whole, at a millisecond.</summary>
    private const int MostCandidates = 20;

    private const string SampleSql = "select r.command from runs r order by r.log_index desc limit 200";

    private const string CandidatesSql = "select rowid from run_text where run_text match @Part limit @Limit";

    /// <param name="filter">With words.</param>
    /// <returns>The same where no part of them is rare enough.</returns>
    public RunFilter Narrow(RunFilter filter)
    {
        string words = filter.Words() ?? "";
        words = words[..Math.Min(words.Length, MostLookedAt)];
        if (words.Length <= Length || words.Any(char.IsSurrogate))
        {
            return filter;
        }

        string part = Rarest(words);
        long[] places = [.. connection.Query<long>(CandidatesSql, new { Part = RunFilter.Phrase(part), Limit = MostCandidates + 1 })];
        return places.Length > MostCandidates ? filter : filter.WithCandidates(places);
    }

    private string Rarest(string words)
    {
        string[] sample = [.. connection.Query<string>(SampleSql)];
        int[] counts = new int[words.Length - Trigram + 1];
        for (int i = 0; i < counts.Length; i++)
        {
            string trigram = words.Substring(i, Trigram);
            counts[i] = sample.Count(command => command.Contains(trigram, StringComparison.OrdinalIgnoreCase));
        }

        int best = Enumerable.Range(0, words.Length - Length + 1).MinBy(start => counts.AsSpan(start, Length - Trigram + 1).ToArray().Sum());
        return words.Substring(best, Length);
    }
}
