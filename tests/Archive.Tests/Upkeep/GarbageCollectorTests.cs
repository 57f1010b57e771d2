using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Upkeep;

public sealed class GarbageCollectorTests : IDisposable
{
    private static readonly GcOptions Everything = new() { OlderThan = TimeSpan.FromHours(1), DropContents = TimeSpan.FromDays(90) };

    private readonly SampleArchive _archive = new();
    private readonly FakeTimeProvider _clock = new(RecordSamples.Start.AddYears(1));

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void What_nothing_names_goes_and_everything_else_stays()
    {
        _archive.AcceptImage();
        _archive.AcceptReplay(_archive.Accept(1));
        var named = Blobs();
        var nobodys = _archive.Put("nobody's").Digest;
        Age();

        var report = Collect(new GcOptions());

        Assert.False(_archive.Blobs.Contains(nobodys));
        Assert.Equal((1, 8), (report.Unreferenced.Count, report.Unreferenced.Bytes));
        Assert.Subset(named, Blobs());
        Assert.Equal(Blobs().Count, (int)report.Needed.Count);
        Assert.DoesNotContain(Fsck().Findings, finding => finding.Severity != FsckSeverity.Note);
        Assert.False(File.Exists(_archive.Layout.Dropped));
    }

    [Fact]
    public void A_dry_run_says_the_same_and_removes_nothing()
    {
        _archive.Accept(1);
        _archive.Put("nobody's");
        Age();
        var before = Blobs();

        var dry = Collect(Everything with { DryRun = true });

        Assert.Equal(before, Blobs());
        var real = Collect(Everything);
        Assert.Equal((dry.Unreferenced, dry.Contents, dry.Images, dry.Needed), (real.Unreferenced, real.Contents, real.Images, real.Needed));
        Assert.NotEqual(0, real.Contents.Count);
    }

    [Fact]
    public void What_was_written_or_relied_on_a_moment_ago_stays()
    {
        var old = _archive.Put("relied on").Digest;
        Age();
        var young = _archive.Put("written").Digest;
        Assert.True(_archive.Blobs.TryRelyOn(old));

        var report = Collect(new GcOptions());

        Assert.True(_archive.Blobs.Contains(old) && _archive.Blobs.Contains(young));
        Assert.True(report.Young.Count >= 2);
    }

    [Fact]
    public void Putting_a_blob_again_makes_it_young()
    {
        var blob = _archive.Put("again").Digest;
        Age();
        _archive.Put("again");

        Collect(new GcOptions());

        Assert.True(_archive.Blobs.Contains(blob));
    }

    [Fact]
    public void What_a_living_process_has_written_stays_however_long_ago()
    {
        using var lease = WriterLease.TryTake(_archive.Layout);
        var written = _archive.Put("by a job that runs for weeks").Digest;
        foreach (var file in new DirectoryInfo(_archive.Layout.Temporary).GetFiles().Concat(new DirectoryInfo(_archive.Layout.Blobs).GetFiles()))
            file.LastWriteTimeUtc -= TimeSpan.FromDays(30);

        Collect(new GcOptions { OlderThan = TimeSpan.Zero });
        Assert.True(_archive.Blobs.Contains(written));

        lease!.Dispose();
        Collect(new GcOptions { OlderThan = TimeSpan.Zero });
        Assert.False(_archive.Blobs.Contains(written));
    }

    [Fact]
    public void A_record_that_waits_needs_its_blobs()
    {
        byte[] statement = _archive.Run(7);
        _archive.Intake().Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        Age();

        Collect(new GcOptions());

        Assert.Equal(1, _archive.Intake().SequenceIncoming().Sequenced);
        Assert.True(Fsck().IsSound);
    }

    [Fact]
    public void Dropped_contents_are_no_damage_and_the_records_hold()
    {
        var run = _archive.Accept(1);
        var replay = _archive.AcceptReplay(run);
        _archive.AcceptImage();
        Age();

        var report = Collect(Everything);

        Assert.False(_archive.Blobs.Contains(Digest.Of("result 1"u8)));
        Assert.True(report.Contents.Count > 0);
        var fsck = Fsck();
        Assert.True(fsck.IsSound, string.Join('\n', fsck.Findings));
        Assert.Contains(fsck.Findings, finding => finding.Subject == $"record {run.Abbreviated}"
            && finding.Message.EndsWith("dropped by gc, last on 2027-11-24", StringComparison.Ordinal));
        Assert.All([run, replay], record => Assert.True(Verify(record).Holds));
        Assert.Contains("dropped by gc", Verify(run).Checks.Single(check => check.Name == "bytes").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dropped_content_does_not_excuse_a_lost_one()
    {
        var run = _archive.Accept(1);
        Age();
        Collect(Everything);
        var list = RecordJson.ParseRun(_archive.Blobs.Read(run, CanonicalJson.MaxBytes)).Predicate.Generated.Blob!.Digest;
        File.Delete(_archive.Layout.BlobPath(list));

        Assert.Contains(Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage
            && finding.Message.Contains(list.Hex, StringComparison.Ordinal));
        Assert.False(Verify(run).Holds);
    }

    [Fact]
    public void What_came_back_is_no_longer_noted_and_its_loss_is_damage()
    {
        _archive.Accept(1);
        Age();
        Collect(Everything);
        _archive.Put("result 1");

        Collect(new GcOptions { KeepRuns = new HashSet<Digest>() });
        File.Delete(_archive.Layout.BlobPath(Digest.Of("result 1"u8)));

        Assert.DoesNotContain(Digest.Of("result 1"u8), new DroppedBlobs(_archive.Layout).Noted.Keys);
        Assert.False(Fsck().IsSound);
    }

    [Fact]
    public void Younger_runs_and_protected_ones_keep_their_contents()
    {
        var spared = _archive.Accept(1);
        _archive.Accept(2, run => run with { Labels = [new Label { Name = "thesis", Value = "one" }] });
        _archive.Accept(3);
        _archive.Accept(4, run => run with { Outcome = run.Outcome with { EndedAt = _clock.GetUtcNow().AddDays(-89) } });
        Age();

        Collect(Everything with { KeepRuns = new HashSet<Digest> { spared }, KeepLabels = [new Label { Name = "thesis", Value = "" }] });

        Assert.Equal(
            [true, true, false, true],
            new[] { "result 1", "result 2", "result 3", "result 4" }.Select(text => _archive.Blobs.Contains(SampleArchive.DigestOf(text))));
        // The streams are the same in all of them, and some of these runs stay.
        Assert.True(_archive.Blobs.Contains(SampleArchive.DigestOf("out")));
    }

    [Fact]
    public void An_image_goes_when_it_has_neither_name_nor_run()
    {
        using var bench = new ImportBench();
        bench.Put("rootfs.tar", new TarBuilder().File("bin/x", "program").Build());
        var image = bench.Import($"tar:{bench.PathOf("rootfs.tar")}");
        bench.Names.Set("box", image, null);
        var collector = new GarbageCollector(bench.Blobs, SampleArchive.Sync, _clock);
        Age(bench.Layout);

        collector.Collect(new GcOptions(), CancellationToken.None);
        Assert.True(bench.Blobs.Contains(image.Record.Layers[0].Blob.Digest) && bench.Blobs.Contains(image.Tree));

        bench.Names.Remove("box");
        collector.Collect(new GcOptions(), CancellationToken.None);
        Assert.Empty(bench.Blobs.Enumerate());
    }

    [Fact]
    public void A_recorded_image_that_goes_is_noted()
    {
        var record = _archive.AcceptImage();
        Age();

        var report = Collect(new GcOptions());

        Assert.True(report.Images.Count > 0);
        Assert.False(_archive.Blobs.Contains(SampleArchive.DigestOf("layer")));
        Assert.True(_archive.Blobs.Contains(record));
        Assert.True(Fsck().IsSound);
        Assert.True(Verify(record).Holds);
    }

    [Fact]
    public void An_image_that_a_living_process_records_a_run_in_stays()
    {
        var record = _archive.AcceptImage();
        Age();
        using var lease = WriterLease.TryTake(_archive.Layout, record);

        Collect(new GcOptions());

        Assert.True(_archive.Blobs.Contains(SampleArchive.DigestOf("layer")));
    }

    [Fact]
    public void A_record_that_cannot_be_read_stops_it_before_anything_is_removed()
    {
        var run = _archive.Accept(1);
        var nobodys = _archive.Put("nobody's").Digest;
        Age();
        File.Delete(_archive.Layout.BlobPath(run));

        var e = Assert.Throws<ArchiveException>(() => Collect(Everything));

        Assert.Contains(run.Abbreviated, e.Message, StringComparison.Ordinal);
        Assert.True(_archive.Blobs.Contains(nobodys));
    }

    [Fact]
    public void There_is_one_at_a_time()
    {
        using var held = ArchiveLock.TryTake(_archive.Layout, _archive.Layout.GcLock);

        Assert.Contains("another gc", Assert.Throws<ArchiveException>(() => Collect(Everything)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_written_files_of_the_dead_go_and_those_of_the_living_stay()
    {
        _archive.Put("something");
        string dead = Path.Combine(_archive.Layout.Temporary, ".prov-dead-1");
        File.WriteAllText(dead, "half");
        File.SetLastWriteTimeUtc(dead, File.GetLastWriteTimeUtc(dead).AddDays(-2));
        string folder = Path.Combine(_archive.Layout.Temporary, ".prov-dead-2");
        Directory.CreateDirectory(Path.Combine(folder, "refs"));
        Directory.SetLastWriteTimeUtc(folder, Directory.GetLastWriteTimeUtc(folder).AddDays(-2));
        using var writing = _archive.Blobs.Create(MediaTypes.OctetStream);

        var report = Collect(new GcOptions());

        Assert.Equal(new GcTally(2, 4), report.Leftovers);
        Assert.False(File.Exists(dead));
        Assert.False(Directory.Exists(folder));
        writing.Commit();
    }

    [Fact]
    public void A_blob_that_is_read_meanwhile_stays_until_the_next_time()
    {
        var read = _archive.Put("being read");
        Age();
        using (_archive.Blobs.Open(read))
            Collect(new GcOptions());
        Assert.True(_archive.Blobs.Contains(read.Digest));

        Collect(new GcOptions());
        Assert.False(_archive.Blobs.Contains(read.Digest));
    }

    [Fact]
    public async Task Writers_and_gc_at_once_lose_nothing_that_a_writer_relies_on()
    {
        using var done = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Collect(new GcOptions { OlderThan = TimeSpan.Zero });
        }, TestContext.Current.CancellationToken);
        for (int round = 0; round < 300; round++)
        {
            using var lease = WriterLease.TryTake(_archive.Layout);
            // The same few, so that some are relied on and some were just removed.
            var blob = _archive.Put($"content {round % 3}").Digest;
            Thread.Yield();
            Assert.True(_archive.Blobs.Contains(blob), $"round {round}");
        }

        await done.CancelAsync();
        await collecting;
    }

    private GcReport Collect(GcOptions options) =>
        new GarbageCollector(_archive.Blobs, SampleArchive.Sync, _clock).Collect(options, CancellationToken.None);

    private FsckReport Fsck() => new Fsck(_archive.Blobs, SampleArchive.Sync).Check(progress: null, CancellationToken.None);

    private RecordVerification Verify(Digest record)
    {
        using var finder = _archive.Finder();
        return new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(_archive.Layout), _clock)
            .Verify(record, finder.Get(record.Hex).Signature, VerificationScope.Record, finder.CheckLog);
    }

    private HashSet<string> Blobs() => [.. _archive.Blobs.Enumerate().Select(blob => blob.Hex).Order()];

    private void Age() => Age(_archive.Layout);

    private static void Age(StoreLayout layout)
    {
        foreach (var file in new DirectoryInfo(layout.Blobs).GetFiles())
            file.LastWriteTimeUtc -= TimeSpan.FromDays(2);
    }
}
