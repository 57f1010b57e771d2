using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

public sealed class ReindexerTests : IDisposable
{
    private const string HashOfNoRows = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void A_rebuilt_catalog_has_the_same_rows_in_every_table()
    {
        Fill();
        var before = Hashes();

        var report = Reindex();

        Assert.Empty(report.Problems);
        Assert.Equal(4, report.Records);
        Assert.Equal(before, Hashes());
        Assert.All(["records", "runs", "images", "replays", "files", "contents", "cpu_features", "injected", "peers", "asked_names", "programs", "sources", "libraries"], table =>
            Assert.NotEqual(HashOfNoRows, before[table]));
        Assert.Empty(Directory.EnumerateFiles(_archive.Layout.Temporary));
    }

    [Fact]
    public void A_catalog_that_was_deleted_or_is_damaged_comes_back()
    {
        Fill();
        var before = Hashes();

        File.Delete(_archive.Layout.CatalogDatabase);
        using (var finder = _archive.Finder())
        {
            Assert.Equal(2, finder.Runs(new RunQuery()).Count);
        }

        Assert.Equal(before, Hashes());
        File.WriteAllText(_archive.Layout.CatalogDatabase, new string('x', 5000));
        Assert.Throws<CatalogException>(_archive.Finder);
        Reindex();
        Assert.Equal(before, Hashes());
    }

    [Fact]
    public void A_record_whose_list_is_gone_is_still_found_and_told_of()
    {
        var run = _archive.Accept(1);
        var used = RecordJson.ParseRun(_archive.Blobs.Read(run, long.MaxValue)).Predicate.Used.Blob!.Digest;
        File.Delete(_archive.Layout.BlobPath(used));

        var report = Reindex();

        Assert.Contains(used.Hex, Assert.Single(report.Problems), StringComparison.Ordinal);
        using var after = _archive.Finder();
        Assert.Single(after.Runs(new RunQuery()));
        Assert.Empty(after.FilesByPath("/work/data.csv"));
        Assert.Single(after.FilesByPath("fit.csv"));
    }

    [Fact]
    public void A_record_whose_statement_is_gone_is_told_of_and_comes_back_with_it()
    {
        byte[] statement = _archive.Run(1);
        byte[] signature = _archive.Sign(statement);
        var run = _archive.Intake().Accept(RecordKind.Run, statement, signature);
        File.Delete(_archive.Layout.BlobPath(run));

        Assert.Contains(run.Hex, Assert.Single(Reindex().Problems), StringComparison.Ordinal);
        _archive.Intake().Accept(RecordKind.Run, statement, signature);
        Assert.Empty(Reindex().Problems);

        Assert.Equal([run.Hex], _archive.Logged());
        using var finder = _archive.Finder();
        Assert.Single(finder.Runs(new RunQuery()));
    }

    [Fact]
    public void A_catalog_of_another_log_is_refused_until_it_is_made_anew()
    {
        using var other = new SampleArchive();
        other.Accept(1);
        other.Accept(2);
        _archive.Accept(3);
        File.Copy(other.Layout.CatalogDatabase, _archive.Layout.CatalogDatabase, overwrite: true);

        var report = Sequence(4);

        Assert.Equal(SequencingOutcome.Unable, report.Outcome);
        Assert.Contains("reindex", Assert.Single(report.Problems), StringComparison.Ordinal);
        Reindex();
        Assert.Equal(1, _archive.Intake().SequenceIncoming().Sequenced);
        Assert.Equal(2, _archive.Log.Size);
    }

    [Fact]
    public void A_catalog_of_a_newer_program_is_refused()
    {
        _archive.Accept(1);
        using (var catalog = CatalogDatabase.OpenForWriting(_archive.Layout.CatalogDatabase))
        using (var command = catalog.Connection.CreateCommand())
        {
            command.CommandText = "pragma user_version = 9999";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<CatalogException>(_archive.Finder);

        Assert.Contains("has schema 9999, this program knows up to", error.Message, StringComparison.Ordinal);
    }

    private void Fill()
    {
        _archive.AcceptImage();
        var run = _archive.Accept(1);
        _archive.Accept(2);
        _archive.AcceptReplay(run);
    }

    private ReindexReport Reindex() =>
        new Reindexer(_archive.Blobs, SampleArchive.Sync).Reindex(progress: null, CancellationToken.None);

    private SequencingReport Sequence(int number)
    {
        byte[] statement = _archive.Run(number);
        var intake = _archive.Intake();
        intake.Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        return intake.SequenceIncoming();
    }

    private Dictionary<string, string> Hashes()
    {
        using var catalog = CatalogDatabase.OpenForReading(_archive.Layout.CatalogDatabase)!;
        return new Dictionary<string, string>(CatalogRows.HashTables(catalog.Connection));
    }
}
