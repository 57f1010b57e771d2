using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>A question among a million runs must not read a million rows: SQLite's own plan says which index answers.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private static readonly RunQuery Nothing = new();
    private static readonly RunFilter Any = new(Nothing);
    private static readonly Digest Some = Digest.Of("some"u8);

    private readonly CatalogDatabase _catalog = CatalogDatabase.CreateInMemory();

    public static TheoryData<string, string> Questions => new()
    {
        { "record", RunFilter.OfRecordSql },
        { "image", Few(Nothing with { Image = Some }) },
        { "package", Few(Nothing with { Package = "libopenblas0", Manifests = [Some] }) },
        { "images with a package", CatalogReader.ImagesWithPackageSql },
        { "manifests with a package", CatalogReader.ManifestsWithPackageSql },
        { "image reference", Few(Nothing with { ImageReference = "a" }) },
        { "cpu feature", Few(Nothing with { CpuFeature = "avx2" }) },
        { "injected", Few(Nothing with { Injected = "libcuda.so.1" }) },
        { "label", Few(Nothing with { LabelName = "a" }) },
        { "label and value", Few(Nothing with { LabelName = "a", LabelValue = "b" }) },
        { "text", Few(Nothing with { Text = "abc" }) },
        { "host", Few(Nothing with { Host = "a" }) },
        { "peer", Few(Nothing with { Peer = "192.0.2.7" }) },
        { "program", Few(Nothing with { Program = "sort" }) },
        { "commit", Few(Nothing with { Commit = "abcdef0" }) },
        { "one run, under another condition", Few(Nothing with { Record = Some, LabelName = "a" }) },
        { "signer", Few(Nothing with { Signer = Some }) },
        { "since", new RunFilter(Nothing with { Since = DateTimeOffset.UnixEpoch }).ToSql() },
        { "prefix", CatalogReader.RecordsSql },
        { "sha256", FileGroup.OfDigest("sha256").AllSql(Any) },
        { "sha512", FileGroup.OfDigest("sha512").AllSql(Any) },
        { "sha1", FileGroup.OfDigest("sha1").AllSql(Any) },
        { "md5", FileGroup.OfDigest("md5").AllSql(Any) },
        { "how many of a sha256", FileGroup.OfDigest("sha256").CountSql(7) },
        { "contents of a sha256", FileGroup.OfDigest("sha256").KeysSql(7) },
        { "last of a content", FileGroup.OfDigest("sha256").LastSql(Any) },
        { "newer of a content", FileGroup.OfDigest("sha256").NewerElsewhereSql(Any) },
        { "sha256 of an image's runs", FileGroup.OfDigest("sha256").AllSql(new RunFilter(Nothing with { Image = Some })) },
        { "sha256 of a label's runs", FileGroup.OfDigest("sha256").AllSql(new RunFilter(Nothing with { LabelName = "a" })) },
        { "path of a host's runs", FileGroup.OfPath.AllSql(new RunFilter(Nothing with { Host = "a" })) },
        { "path", FileGroup.OfPath.AllSql(Any) },
        { "last of a path", FileGroup.OfPath.LastSql(Any) },
        { "newer of a path", FileGroup.OfPath.NewerElsewhereSql(Any) },
        { "name", FileGroup.OfName.AllSql(Any) },
        { "some of a name", FileGroup.OfName.SomeSql(Any, 7) },
        { "folder", FileGroup.BelowFolder.AllSql(Any) },
        { "some of a folder", FileGroup.BelowFolder.SomeSql(Any, 7) },
        { "made by very many", CatalogReader.LastMadeSql },
        { "used by very many", CatalogReader.FirstUsedSql },
        { "made often", CatalogReader.OftenSql(CatalogReader.IsMade) },
        { "used often", CatalogReader.OftenSql(CatalogReader.IsUsed) },
        { "replays", CatalogReader.ReplaysSql },
        { "inputs", CatalogReader.InputsSql },
        { "read", CatalogReader.ReadSql },
        { "outputs", CatalogReader.OutputsSql },
        { "made", CatalogReader.MadeSql },
        { "used", CatalogReader.UsedSql },
        { "images by digest", CatalogReader.ImagesByDigestSql },
        { "tombstones of a record", CatalogReader.TombstonesOfRecordSql },
        { "citations of a run", CatalogReader.CitationsOfRunSql },
        { "citations of a paper", CatalogReader.CitationsOfPaperSql },
        { "citations of a figure", CatalogReader.CitationsOfFileSql },
        { "citations by words of a title", CatalogReader.CitationsTitledSql },
        { "whether a figure is an output", CatalogReader.IsOutputSql },
        { "signers by letters of a name", CatalogReader.SignersNamedSql },
        { "further pages of tombstones", CatalogReader.TombstonesBeforeSql },
        { "one signer", CatalogReader.SignerSql },
        { "further pages of runs", new RunFilter(Nothing with { After = new RunPlace(DateTimeOffset.UnixEpoch, 7) }).ToSql() },
        { "runs of some places", RunFilter.OfPlacesSql },
        { "words that some runs have", Few(Nothing with { Text = "abc" }, "[7]") },
        { "rotations", CatalogReader.RotationsSql },
        { "revocation lists", CatalogReader.RevocationListsSql },
        { "further pages of images", CatalogReader.ImagesBeforeSql },
        { "further pages of replays", CatalogReader.ReplaysBeforeSql },
        { "further pages of files", CatalogReader.FilesBeforeSql },
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

    /// <summary>A page in the midst of a hundred million files costs what the first does.</summary>
    [Theory]
    [InlineData(CatalogReader.ImagesBeforeSql)]
    [InlineData(CatalogReader.ReplaysBeforeSql)]
    [InlineData(CatalogReader.FilesBeforeSql)]
    public void Pages_of_a_list_are_read_in_the_order_of_its_table(string sql) =>
        Assert.DoesNotContain(Plan(sql), step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));

    public static TheoryData<string> Conditions => ["text", "host", "image", "reference", "signer", "label", "injected", "peer"];

    /// <summary>What half a million runs fulfil: read from the end of an index, without the table of runs being put in order.</summary>
    [Theory]
    [MemberData(nameof(Conditions))]
    public void Of_many_runs_the_last_in_the_log_are_read_and_nothing_is_sorted(string condition)
    {
        var filter = new RunFilter(condition switch
        {
            "text" => Nothing with { Text = "abc" },
            "host" => Nothing with { Host = "a" },
            "image" => Nothing with { Image = Some },
            "reference" => Nothing with { ImageReference = "a" },
            "signer" => Nothing with { Signer = Some },
            "label" => Nothing with { LabelName = "a", LabelValue = "b" },
            "injected" => Nothing with { Injected = "libcuda.so.1" },
            _ => Nothing with { Peer = "192.0.2.7" },
        });
        var source = Assert.Single(filter.Sources());
        foreach (var arm in source.Arms)
        {
            string[] plan = Plan(filter.LastPlacesSql(source, arm));

            Assert.True(arm.IsOrdered);
            Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) && !IsAnswerOfAnIndex(step));
        }
    }

    [Fact]
    public void Runs_that_are_newer_and_stand_elsewhere_are_found_by_their_times()
    {
        var filter = new RunFilter(Nothing with { Host = "a", Text = "abc" });

        string[] plan = Plan(filter.NewerElsewhereSql());

        Assert.Contains(plan, step => step.StartsWith("SEARCH r USING COVERING INDEX runs_by_started_at (started_at>", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
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

    private static string Few(RunQuery query, string? worded = null)
    {
        var filter = new RunFilter(query, worded: worded);
        return filter.FewPlacesSql(filter.Sources()[0]);
    }

    [Theory]
    [InlineData("used", 2)]
    [InlineData("used by very many", 1)]
    [InlineData("used often", 1)]
    public void Who_used_a_content_is_answered_by_an_index_of_what_was_used_alone(string question, int times)
    {
        string sql = Questions.Single(row => row.Data.Item1 == question).Data.Item2;

        var steps = Plan(sql).Where(step => step.StartsWith("SEARCH f ", StringComparison.Ordinal) || step.StartsWith("SEARCH l ", StringComparison.Ordinal));

        Assert.Equal(times, steps.Count(step => step.Contains("files_used_by_content (content_id=?", StringComparison.Ordinal)));
    }

    /// <summary>The places in a list of digests, one row only, so many rows of an index, or the full-text index asked for its words.</summary>
    private static bool IsAnswerOfAnIndex(string step) => step is "SCAN place" or "SCAN CONSTANT ROW" or "SCAN some" or "SCAN (subquery-1)"
        or "SCAN json_each VIRTUAL TABLE INDEX 1:" or "SCAN s VIRTUAL TABLE INDEX 1:" or "SCAN m VIRTUAL TABLE INDEX 1:"
        || FullText().IsMatch(step);

    [GeneratedRegex(@"VIRTUAL TABLE INDEX [0-9]+:M")]
    private static partial Regex FullText();

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
