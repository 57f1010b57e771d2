using Dapper;
using Microsoft.Data.Sqlite;

namespace Provenance.Archive.Catalog;

/// <summary>Finds the few runs that have some words, by the rarest part of them.</summary>
/// <remarks>
/// The index has three letters at a time. To find <c>--seed 570744</c> SQLite goes through the runs of all eleven, of which some are in every run:
/// among a million that takes 60 ms. The runs of <c>570744</c> alone it has in one, and their text says whether they have the rest. Which part is rare
/// the newest runs tell. Letters count as the same whatever their case; of the few that Unicode folds into letters of ASCII (U+017F, U+212A) only the
/// index knows.
/// </remarks>
internal sealed class WordSieve(SqliteConnection connection)
{
    /// <summary>Letters of the part that is asked for first: four trigrams.</summary>
    private const int Length = 6;

    private const int Trigram = 3;

    /// <summary>Of long words the beginning is enough.</summary>
    private const int MostLookedAt = 100;

    /// <summary>Runs whose text is read.</summary>
    private const int MostCandidates = 50;

    private const string SampleSql = "select r.command from runs r order by r.log_index desc limit 200";

    private const string CandidatesSql = "select rowid from run_text where run_text match @Part limit @Limit";

    private const string TextsSql =
        """
        select r.log_index as LogIndex, r.command as Command, r.image_reference as ImageReference, r.working_folder as WorkingFolder
        from runs r
        where r.log_index in (select value from json_each(@places))
        """;

    /// <param name="filter">With words.</param>
    /// <returns>The same where no part of them is rare enough.</returns>
    public RunFilter Narrow(RunFilter filter)
    {
        string words = (filter.Words() ?? "").Replace('\0', ' ');
        if (words.Length <= Length || words.Any(char.IsSurrogate))
        {
            return filter;
        }

        string part = Rarest(words[..Math.Min(words.Length, MostLookedAt)]);
        long[] places = [.. connection.Query<long>(CandidatesSql, new { Part = RunFilter.Phrase(part), Limit = MostCandidates + 1 })];
        return places.Length > MostCandidates ? filter : filter.WithWordsAt(WithAll(words, places));
    }

    private long[] WithAll(string words, long[] candidates) =>
    [
        .. connection.Query<RawText>(TextsSql, new { places = RunFilter.JsonArray(candidates) })
            .Where(run => run.Has(words))
            .Select(run => run.LogIndex),
    ];

    private string Rarest(string words)
    {
        string[] sample = [.. connection.Query<string>(SampleSql)];
        int[] counts = new int[words.Length - Trigram + 1];
        for (int i = 0; i < counts.Length; i++)
        {
            string trigram = words.Substring(i, Trigram);
            counts[i] = sample.Count(command => command.Contains(trigram, StringComparison.OrdinalIgnoreCase));
        }

        int best = Enumerable.Range(0, words.Length - Length + 1).MinBy(start => counts.Skip(start).Take(Length - Trigram + 1).Sum());
        return words.Substring(best, Length);
    }
}
