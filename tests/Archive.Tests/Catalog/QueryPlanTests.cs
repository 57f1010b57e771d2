using System.Text;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>A question among a million runs must not read a million rows: SQLite's own plan says which index answers.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private static readonly RunQuery Nothing = new();
    private static readonly RunFilter Any = new(Nothing);
    private static readonly Digest Some = Digest.Of("some"u8);

    private readonly CatalogDatabase _catalog = CatalogDatabase.CreateInMemory();

    public static TheoryData<string, string> Questions => new()
    {
        { "record", new RunFilter(Nothing, SqlBlob.Of(Some)).ToSql() },
        { "image", new RunFilter(Nothing with { Image = Some }).ToSql() },
        { "image reference", new RunFilter(Nothing with { ImageReference = "a" }).ToSql() },
        { "cpu feature", new RunFilter(Nothing with { CpuFeature = "avx2" }).ToSql() },
        { "injected", new RunFilter(Nothing with { Injected = "libcuda.so.1" }).ToSql() },
        { "label", new RunFilter(Nothing with { LabelName = "a" }).ToSql() },
        { "label and value", new RunFilter(Nothing with { LabelName = "a", LabelValue = "b" }).ToSql() },
        { "text", new RunFilter(Nothing with { Text = "abc" }).ToSql() },
        { "host", new RunFilter(Nothing with { Host = "a" }).ToSql() },
        { "peer", new RunFilter(Nothing with { Peer = "192.0.2.7" }).ToSql() },
        { "program", new RunFilter(Nothing with { Program = "sort" }).ToSql() },
        { "commit", new RunFilter(Nothing with { Commit = "abcdef0" }).ToSql() },
        { "signer", new RunFilter(Nothing with { Signer = Some }).ToSql() },
        { "since", new RunFilter(Nothing with { Since = DateTimeOffset.UnixEpoch }).ToSql() },
        { "prefix", CatalogReader.RecordsSql },
        { "sha256", CatalogReader.FilesByDigestSql("sha256", Any) },
        { "sha512", CatalogReader.FilesByDigestSql("sha512", Any) },
        { "sha1", CatalogReader.FilesByDigestSql("sha1", Any) },
        { "md5", CatalogReader.FilesByDigestSql("md5", Any) },
        { "sha256 of an image's runs", CatalogReader.FilesByDigestSql("sha256", new RunFilter(Nothing with { Image = Some })) },
        { "sha256 of a label's runs", CatalogReader.FilesByDigestSql("sha256", new RunFilter(Nothing with { LabelName = "a" })) },
        { "path of a host's runs", CatalogReader.FilesByPathSql("p.path = @path", new RunFilter(Nothing with { Host = "a" })) },
        { "path", CatalogReader.FilesByPathSql("p.path = @path", Any) },
        { "name", CatalogReader.FilesByPathSql("p.name = @path", Any) },
        { "folder", CatalogReader.FilesByPathSql("p.path > @path and p.path < @end", Any) },
        { "replays", CatalogReader.ReplaysSql },
        { "inputs", CatalogReader.InputsSql },
        { "outputs", CatalogReader.OutputsSql },
        { "made", CatalogReader.MadeSql },
        { "used", CatalogReader.UsedSql },
        { "images by digest", CatalogReader.ImagesByDigestSql },
        { "tombstones of a record", CatalogReader.TombstonesOfRecordSql },
        { "citations of a run", CatalogReader.CitationsOfRunSql },
        { "citations of a paper", CatalogReader.CitationsOfPaperSql },
        { "citations of a figure", CatalogReader.CitationsOfFileSql },
        { "one signer", CatalogReader.SignerSql },
        { "further pages of runs", new RunFilter(Nothing with { After = new RunPlace(DateTimeOffset.UnixEpoch, 7) }).ToSql() },
        { "rotations", CatalogReader.RotationsSql },
        { "revocation lists", CatalogReader.RevocationListsSql },
    };

    public void Dispose() => _catalog.Dispose();

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_is_answered_by_an_index(string question, string sql)
    {
        string[] plan = Plan(sql);

        Assert.NotEmpty(plan);
        var scans = plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal) && !IsAnswerOfAnIndex(step));
        Assert.True(!scans.Any(), $"{question}:\n{string.Join('\n', plan)}");
    }

    [Fact]
    public void The_newest_runs_are_read_in_the_order_of_an_index_and_not_sorted()
    {
        string[] plan = Plan(new RunFilter(Nothing).ToSql());

        Assert.Contains(plan, step => step == "SCAN r USING INDEX runs_by_started_at");
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_made_a_content_is_answered_by_an_index_of_what_was_made_alone()
    {
        var steps = Plan(CatalogReader.MadeSql).Where(step => step.StartsWith("SEARCH f ", StringComparison.Ordinal)
            || step.StartsWith("SEARCH l ", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, steps.Count);
        Assert.All(steps, step => Assert.Contains("files_made_by_content (content_id=?", step, StringComparison.Ordinal));
    }

    /// <summary>The places in a list of digests, one row only, or the full-text index asked for its words.</summary>
    private static bool IsAnswerOfAnIndex(string step) => step is "SCAN place" or "SCAN CONSTANT ROW"
        || step.Contains("VIRTUAL TABLE INDEX 0:M", StringComparison.Ordinal);

    private string[] Plan(string sql)
    {
        using var command = _catalog.Connection.CreateCommand();
#pragma warning disable CA2100 // our own constants
        command.CommandText = $"explain query plan {sql}";
#pragma warning restore CA2100
        foreach (string name in Parameters(sql))
        {
            command.Parameters.Add(new SqliteParameter(name, DBNull.Value));
        }

        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return [.. steps];
    }

    private static HashSet<string> Parameters(string sql)
    {
        var names = new HashSet<string>();
        for (int at = sql.IndexOf('@'); at >= 0; at = sql.IndexOf('@', at + 1))
        {
            var name = new StringBuilder("@");
            for (int i = at + 1; i < sql.Length && char.IsLetterOrDigit(sql[i]); i++)
            {
                name.Append(sql[i]);
            }

            names.Add(name.ToString());
        }

        return names;
    }
}
