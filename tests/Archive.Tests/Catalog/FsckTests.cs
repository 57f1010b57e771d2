using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

public sealed class FsckTests : IDisposable
{
    private readonly SampleArchive _archive = new();
    private readonly Digest _run;

    public FsckTests()
    {
        _archive.AcceptImage();
        _run = _archive.Accept(1);
        _archive.Accept(2);
        _archive.AcceptReplay(_run);
    }

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void A_sound_archive_has_no_findings_and_is_counted_whole()
    {
        var report = Check();

        Assert.DoesNotContain(report.Findings, finding => finding.Severity != FsckSeverity.Note);
        Assert.True(report.IsSound);
        Assert.Equal(4, report.LogEntries);
        var files = new DirectoryInfo(_archive.Layout.Blobs).GetFiles();
        Assert.Equal((files.Length, files.Sum(file => file.Length)), (report.Blobs, report.Bytes));
    }

    [Fact]
    public void Progress_reaches_all_bytes()
    {
        var seen = new List<FsckProgress>();
        var report = new Fsck(_archive.Blobs, SampleArchive.Sync).Check(new Collector(seen), CancellationToken.None);

        Assert.Contains(seen, step => step.Phase == "blobs" && step.BytesDone == report.Bytes);
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("result 1")]
    [InlineData("out")]
    public void A_changed_blob_is_damage(string content)
    {
        var digest = _archive.Put(content).Digest;
        string path = _archive.Layout.BlobPath(digest);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        Overwrite(path, bytes);

        Assert.Contains(Damage(), finding => finding.Subject == $"blobs/sha256/{digest.Hex}");
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("result 1")]
    [InlineData("out")]
    public void A_missing_blob_that_a_record_names_is_damage(string content)
    {
        var digest = _archive.Put(content).Digest;
        File.Delete(_archive.Layout.BlobPath(digest));

        Assert.Contains(Damage(), finding => finding.Message.Contains(digest.Hex, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_statement_is_damage()
    {
        File.Delete(_archive.Layout.BlobPath(_run));

        Assert.Contains(Damage(), finding => finding.Subject == $"record {_run.Abbreviated}");
    }

    [Theory]
    [InlineData("tile/entries/000.p/4")]
    [InlineData("tile/0/000.p/4")]
    [InlineData("checkpoint")]
    public void Every_flipped_bit_in_the_log_is_damage(string name)
    {
        string path = Path.Combine(_archive.Layout.Log, name);
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = name == "checkpoint" ? Array.IndexOf(bytes, (byte)'\n') : 0; at < bytes.Length; at += 13)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 4;
            Overwrite(path, flipped);

            Assert.NotEmpty(Damage());
        }
    }

    [Fact]
    public void A_log_cut_back_to_an_older_checkpoint_is_noticed_by_the_catalog()
    {
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(_archive.Layout.Log, "checkpoint"));
        _archive.Accept(3);
        Overwrite(Path.Combine(_archive.Layout.Log, "checkpoint"), checkpoint);

        Assert.Contains(Check().Findings, finding =>
            finding is { Severity: FsckSeverity.Repairable, Subject: "catalog.db" });
    }

    [Theory]
    [InlineData("delete from files where role = 1")]
    [InlineData("update runs set exit_code = 1")]
    [InlineData("delete from cpu_features where feature = 'avx2'")]
    public void A_catalog_that_says_something_else_is_repairable(string change)
    {
        using (var catalog = CatalogDatabase.OpenForWriting(_archive.Layout.CatalogDatabase))
        using (var command = catalog.Connection.CreateCommand())
        {
#pragma warning disable CA2100 // the test's own words
            command.CommandText = change;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        var finding = Assert.Single(Check().Findings, finding => finding.Severity != FsckSeverity.Note);

        Assert.Equal((FsckSeverity.Repairable, "catalog.db"), (finding.Severity, finding.Subject));
        new Reindexer(_archive.Blobs, SampleArchive.Sync).Reindex(progress: null, CancellationToken.None);
        Assert.True(Check().Findings.All(left => left.Severity == FsckSeverity.Note));
    }

    [Fact]
    public void Leftovers_and_waiting_records_are_notes()
    {
        byte[] statement = _archive.Run(9);
        _archive.Intake().Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        File.WriteAllText(Path.Combine(_archive.Layout.Temporary, ".prov-left"), "half");

        var report = Check();

        Assert.True(report.IsSound);
        Assert.Contains(report.Findings, finding => finding.Subject == $"incoming/{Digest.Of(statement).Hex}");
        Assert.Contains(report.Findings, finding => finding.Subject == "tmp/.prov-left");
    }

    [Fact]
    public void A_waiting_record_whose_statement_is_gone_is_damage()
    {
        byte[] statement = _archive.Run(9);
        var record = _archive.Intake().Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        File.Delete(_archive.Layout.BlobPath(record));

        Assert.Contains(Damage(), finding => finding.Subject == $"incoming/{record.Hex}");
    }

    [Fact]
    public void A_name_of_an_image_without_its_manifest_is_damage()
    {
        Overwrite(_archive.Layout.Index, "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"m\",\"size\":1,\"digest\":\"sha256:"u8
            .ToArray().Concat("0"u8.ToArray().SelectMany(zero => Enumerable.Repeat(zero, 64))).Concat("\"}]}"u8.ToArray()).ToArray());

        Assert.Contains(Damage(), finding => finding.Subject == "index.json");
    }

    [Fact]
    public void The_archive_in_numbers_agrees_with_its_files()
    {
        var status = ArchiveStatus.Read(_archive.Blobs, SampleArchive.Sync, () => 0);

        Assert.Equal((1, 2, 1, 4, 0), (status.Images, status.Runs, status.Replays, status.LogSize, status.Incoming));
        Assert.Equal(new FileInfo(_archive.Layout.CatalogDatabase).Length, status.CatalogBytes);
        Assert.True(status.Blobs > 10 && status.BlobBytes > 1000 && status.LogBytes > 4 * 300);
    }

    private List<FsckFinding> Damage() =>
        [.. Check().Findings.Where(finding => finding.Severity == FsckSeverity.Damage)];

    private FsckReport Check() => new Fsck(_archive.Blobs, SampleArchive.Sync).Check(progress: null, CancellationToken.None);

    /// <summary>Blobs are read-only files.</summary>
    private static void Overwrite(string path, byte[] bytes)
    {
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    private sealed class Collector(List<FsckProgress> seen) : IProgress<FsckProgress>
    {
        public void Report(FsckProgress value)
        {
            lock (seen)
            {
                seen.Add(value);
            }
        }
    }
}
