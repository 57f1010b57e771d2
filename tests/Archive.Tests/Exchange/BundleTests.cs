using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>What goes out of one archive comes into another.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();

    public void Dispose()
    {
        _sample.Dispose();
        _receiver.Dispose();
    }

    public static TheoryData<bool, bool> Packings => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Fact]
    public void Endorsements_travel_with_what_they_endorse()
    {
        var ofRun = _sample.Endorse(_sample.Run, RecordKind.Run);
        var ofImage = _sample.Endorse(_sample.Image, RecordKind.Image, KeyAlgorithm.MlDsa65);

        var imported = _receiver.Import(_sample.Export(new ExportOptions()));

        Assert.Equal(
            [_sample.Image, _sample.Run, .. new[] { ofRun, ofImage }.OrderBy(record => record.Hex, StringComparer.Ordinal)],
            imported.Records.Select(record => record.Record));
        using var finder = _receiver.Finder();
        Assert.Equal(ofRun, Assert.Single(finder.EndorsementsOf(_sample.Run)).Record);
        Assert.Equal(ofImage, Assert.Single(finder.EndorsementsOf(_sample.Image)).Record);
        Assert.Empty(_receiver.Fsck().Findings);
    }

    [Fact]
    public void What_is_endorsed_goes_along_with_the_endorsement()
    {
        var endorsement = _sample.Endorse(_sample.Run, RecordKind.Run);

        var imported = _receiver.Import(_sample.Export(new ExportOptions(), null, null, endorsement));

        Assert.Equal([endorsement], imported.Roots);
        Assert.Equal([_sample.Image, _sample.Run, endorsement], imported.Records.Select(record => record.Record));
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void What_is_taken_in_is_what_was_there_and_gives_the_same_bundle_again(bool bag, bool zstd)
    {
        byte[] tar = _sample.Export(packing: new BundlePacking { Bag = bag, Zstd = zstd });

        var imported = _receiver.Import(tar);

        Assert.Equal([_sample.Run], imported.Roots);
        Assert.Equal([_sample.Image, _sample.Run, _sample.Replay], imported.Records.Select(record => record.Record));
        Assert.All(imported.Records, record => Assert.True(record.IsNew));
        Assert.Equal(imported.BlobCount, imported.NewBlobs);
        Assert.Equal(3, imported.Sequencing.Sequenced);
        Assert.Empty(Directory.EnumerateFiles(_receiver.Layout.Incoming));
        Assert.Empty(_receiver.Layout.Arrivals());
        Assert.Empty(_receiver.Fsck().Findings);
        using var finder = _receiver.Finder();
        Assert.Equal(_sample.Run, Assert.Single(finder.Runs(new RunQuery())).Record);
        Assert.Equal(_sample.Replay, Assert.Single(finder.ReplaysOf(_sample.Run)).Record);
        Assert.Equal("result 1", Encoding.UTF8.GetString(_receiver.Blobs.Read(SampleArchive.DigestOf("result 1"), 100)));

        var again = new MemoryStream();
        var planner = new BundlePlanner(_receiver.Blobs, finder, new ImageNames(_receiver.Layout, _receiver.Blobs, SampleArchive.Sync));
        new BundleExporter(_receiver.Blobs).Write(
            planner.Plan([finder.Get(_sample.Run.Hex)], new ExportOptions { Replays = true }),
            new BundlePacking { Bag = bag, Zstd = zstd },
            again,
            null,
            TestContext.Current.CancellationToken);
        Assert.Equal(tar, again.ToArray());
    }

    [Fact]
    public void A_bundle_is_sorted_and_tells_nothing_of_who_made_it()
    {
        byte[] tar = _sample.Export();

        using var reader = new System.Formats.Tar.TarReader(new MemoryStream(tar));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal((0, 0, DateTimeOffset.UnixEpoch), (entry.Uid, entry.Gid, entry.ModificationTime));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(BundleNames.Manifest, names[0]);
    }

    [Fact]
    public void Taking_it_in_twice_changes_nothing()
    {
        byte[] tar = _sample.Export();
        _receiver.Import(tar);
        var before = _receiver.Contents;

        var second = _receiver.Import(tar);

        Assert.Equal(before, _receiver.Contents);
        Assert.All(second.Records, record => Assert.False(record.IsNew));
        Assert.Equal((0, 0, 0L), (second.Sequencing.Sequenced, second.NewBlobs, second.NewBytes));
    }

    [Fact]
    public void Trust_is_this_archives_and_not_the_bundles()
    {
        byte[] tar = _sample.Export();

        Assert.All(_receiver.Import(tar).Records, record => Assert.False(record.Signature.IsTrusted));

        TrustedCertificates.Lend(_sample.Archive.Layout, _receiver.Layout);
        Assert.All(_receiver.Import(tar).Records, record => Assert.True(record.Signature.IsTrusted));
        string[] keys = Directory.GetFiles(_receiver.Layout.Keys, "key.pem", SearchOption.AllDirectories);
        Assert.Equal([Path.Combine(_receiver.Layout.LogKeys, "key.pem")], keys); // made here, for the receiver's own log
    }

    [Fact]
    public void An_interrupted_import_goes_on_where_it_was()
    {
        byte[] large = Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 7)).ToArray();
        _sample.Archive.Blobs.Put(MediaTypes.OctetStream, large);
        var files = _sample.Files();
        int blobs = files.Manifest.BlobCount;
        using var stop = new Stop(files.Manifest.BlobBytes / 2);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            _receiver.Import(BundleSource.Of("sample", new MemoryStream(files.Tar())), stop));

        string arrival = Assert.Single(_receiver.Layout.Arrivals());
        Assert.Empty(_receiver.Blobs.Enumerate());
        Assert.False(Directory.Exists(_receiver.Layout.Incoming));
        // What is whole and durable by then depends on the batches; nothing else may be there.
        Assert.All(new BlobStore(new StoreLayout(arrival), SampleArchive.Sync).Enumerate(), digest => Assert.Contains(BundleNames.Blob(digest), files.Names));

        var second = _receiver.Import(files.Tar());

        Assert.Equal(blobs, second.BlobCount);
        Assert.Empty(_receiver.Layout.Arrivals());
        Assert.Empty(_receiver.Fsck().Findings);
    }

    [Fact]
    public void Wherever_it_was_cut_off_the_second_attempt_writes_what_lacks_and_the_archive_is_the_same()
    {
        for (int number = 0; number < 40; number++)
        {
            _sample.Archive.Accept(100 + number, _sample.OfTheImage);
        }

        using var finder = _sample.Archive.Finder();
        byte[] tar = _sample.Export(roots: [.. finder.RecordsOf(RecordKind.Run, 100).Select(row => row.Record)]);
        var manifest = BundleFiles.Of(tar).Manifest;
        using var whole = new Receiver();
        whole.Import(tar);
        for (int attempt = 0; attempt < 8; attempt++)
        {
            using var receiver = new Receiver();
            using var stop = new Stop(manifest.BlobBytes * (2 * attempt + 1) / 16);
            Assert.ThrowsAny<OperationCanceledException>(() => receiver.Import(BundleSource.Of("sample", new MemoryStream(tar)), stop));
            var arrived = new BlobStore(new StoreLayout(Assert.Single(receiver.Layout.Arrivals())), SampleArchive.Sync);
            long there = arrived.Enumerate().Sum(digest => new FileInfo(arrived.Layout.BlobPath(digest)).Length);
            Assert.Empty(receiver.Blobs.Enumerate());

            // What has arrived lately is nobody's leftover.
            new GarbageCollector(receiver.Blobs, SampleArchive.Sync, TimeProvider.System)
                .Collect(new GcOptions { OlderThan = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
            var second = receiver.Import(tar);

            Assert.Equal(manifest.BlobBytes - there, second.NewBytes);
            Assert.Equal(whole.Blobs.Enumerate().OrderBy(digest => digest.Hex), receiver.Blobs.Enumerate().OrderBy(digest => digest.Hex));
            Assert.Equal(whole.Layout.Arrivals(), receiver.Layout.Arrivals());
            Assert.Empty(receiver.Fsck().Findings);
        }
    }

    [Fact]
    public void What_has_arrived_is_not_written_again()
    {
        var files = _sample.Files();
        var manifest = Digest.Of(files[BundleNames.Manifest]);
        var arrived = new BlobStore(new StoreLayout(_receiver.Layout.ArrivalPath(manifest)), SampleArchive.Sync);
        foreach (var digest in _sample.Archive.Blobs.Enumerate().Where(digest => files.Names.Contains(BundleNames.Blob(digest))).Take(5))
        {
            arrived.Put(MediaTypes.OctetStream, _sample.Archive.Blobs.Read(digest, 1 << 20));
        }

        var imported = _receiver.Import(files.Tar());

        Assert.Equal(imported.BlobCount - 5, imported.NewBlobs);
        Assert.Empty(_receiver.Fsck().Findings);
    }

    [Fact]
    public void Two_at_once_are_not_mixed_up()
    {
        byte[] tar = _sample.Export();
        var manifest = Digest.Of(_sample.Files()[BundleNames.Manifest]);
        using (ArchiveLock.TryTake(new StoreLayout(_receiver.Layout.ArrivalPath(manifest))))
        {
            var refused = Assert.Throws<BundleException>(() => _receiver.Import(tar));
            Assert.Equal("bundle 'sample': is being taken in by another process", refused.Message);
        }

        _receiver.Import(tar);
    }

    [Fact]
    public void What_nobody_came_back_for_is_removed_by_gc()
    {
        string arrival = _receiver.Layout.ArrivalPath(SampleArchive.DigestOf("a bundle"));
        var arrived = new BlobStore(new StoreLayout(arrival), SampleArchive.Sync);
        arrived.Put(MediaTypes.OctetStream, "half of it"u8);
        var gc = new GarbageCollector(_receiver.Blobs, SampleArchive.Sync, TimeProvider.System);

        gc.Collect(new GcOptions { OlderThan = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(arrival));

        var old = DateTime.UnixEpoch;
        Directory.SetLastWriteTimeUtc(arrived.Layout.Blobs, old);
        Directory.SetLastWriteTimeUtc(arrival, old);
        gc.Collect(new GcOptions { OlderThan = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(arrival));
    }

    [Fact]
    public void A_thin_bundle_says_what_it_lacks_and_is_no_damage()
    {
        byte[] thin = _sample.Export(new ExportOptions { Layers = false });
        var layer = SampleArchive.DigestOf("layer");

        var imported = _receiver.Import(thin);

        Assert.Equal(layer, Assert.Single(imported.Absent).Digest);
        Assert.False(_receiver.Blobs.Contains(layer));
        Assert.All(_receiver.Fsck().Findings, finding => Assert.Equal(FsckSeverity.Note, finding.Severity));
        Assert.Contains(_receiver.Fsck().Findings, finding => finding.Message.Contains("left out of a bundle", StringComparison.Ordinal));
        Assert.Empty(new ImageNames(_receiver.Layout, _receiver.Blobs, SampleArchive.Sync).List());

        // The rest of it comes later.
        _receiver.Import(_sample.Export());
        Assert.True(_receiver.Blobs.Contains(layer));
        Assert.Empty(_receiver.Fsck().Findings);
        Assert.Single(new ImageNames(_receiver.Layout, _receiver.Blobs, SampleArchive.Sync).List());
    }

    [Fact]
    public void A_thin_bundle_is_whole_where_the_image_is()
    {
        _receiver.Blobs.Put(MediaTypes.LayerTarGzip, "layer"u8);

        Assert.Empty(_receiver.Import(_sample.Export(new ExportOptions { Layers = false })).Absent);

        Assert.Empty(_receiver.Fsck().Findings);
    }

    [Fact]
    public void What_gc_dropped_is_said_to_be_absent()
    {
        new GarbageCollector(_sample.Archive.Blobs, SampleArchive.Sync, new LaterTime(TimeSpan.FromDays(3650))).Collect(
            new GcOptions { OlderThan = TimeSpan.Zero, DropContents = TimeSpan.FromDays(1) }, TestContext.Current.CancellationToken);
        Assert.False(_sample.Archive.Blobs.Contains(SampleArchive.DigestOf("result 1")));

        var imported = _receiver.Import(_sample.Export());

        Assert.Contains(imported.Absent, blob => blob.Digest == SampleArchive.DigestOf("result 1") && blob.Reason == AbsenceReason.Dropped);
        Assert.All(_receiver.Fsck().Findings, finding => Assert.Equal(FsckSeverity.Note, finding.Severity));
    }

    [Fact]
    public void A_blob_that_was_lost_is_not_exported_around()
    {
        File.Delete(_sample.Archive.Layout.BlobPath(SampleArchive.DigestOf("result 1")));

        Assert.Throws<BlobMissingException>(() => _sample.Export());
    }

    [Fact]
    public void A_blob_that_was_changed_is_not_exported()
    {
        File.WriteAllText(_sample.Archive.Layout.BlobPath(SampleArchive.DigestOf("result 1")), "result 2");

        Assert.Throws<DigestMismatchException>(() => _sample.Export());
    }

    [Fact]
    public void A_replay_brings_its_run_and_an_image_comes_alone()
    {
        Assert.Equal(
            [_sample.Image, _sample.Run, _sample.Replay],
            _sample.Files(new ExportOptions(), _sample.Replay).Manifest.Records.Select(record => record.Record.Digest));
        Assert.Equal(
            [_sample.Image, _sample.Run],
            _sample.Files(new ExportOptions(), _sample.Run).Manifest.Records.Select(record => record.Record.Digest));
        Assert.Equal(
            [_sample.Image],
            _sample.Files(new ExportOptions(), _sample.Image).Manifest.Records.Select(record => record.Record.Digest));
    }

    [Fact]
    public void A_chain_brings_the_runs_that_made_what_a_run_used()
    {
        // Run 1 made 'result 1'; a later run read it.
        byte[] used = RecordLines.Serialize(new UsedFile
        {
            Path = "/work/results/fit.csv",
            Kind = FileKind.File,
            Mode = "0644",
            Size = 8,
            Digest = RecordSamples.DigestsOf("result 1"),
            Kept = false,
            Use = FileUse.Read,
            Class = FileClass.Input,
        });
        var list = new FileList { Count = 1, TotalBytes = 8, Blob = _sample.Archive.Blobs.Put(MediaTypes.JsonLines, used) };
        var later = _sample.Archive.Accept(500, run => _sample.OfTheImage(run) with { Used = list });

        var without = _sample.Files(new ExportOptions(), later).Manifest;
        var with = _sample.Files(new ExportOptions { Chain = true }, later).Manifest;

        Assert.DoesNotContain(without.Records, record => record.Record.Digest == _sample.Run);
        Assert.Contains(with.Records, record => record.Record.Digest == _sample.Run);
        Assert.Equal([later], with.Roots);
        Assert.Equal(3, _receiver.Import(_sample.Export(new ExportOptions { Chain = true }, null, null, later)).Records.Count);
    }

    [Fact]
    public void A_name_that_is_another_images_stays_that_ones()
    {
        var other = ImportedImage.Of(RecordSamples.Image().Predicate with { Manifest = _receiver.Blobs.Put(MediaTypes.ImageManifest, "other"u8) });
        var names = new ImageNames(_receiver.Layout, _receiver.Blobs, SampleArchive.Sync);
        names.Set("debian-sci", other, null);

        var imported = _receiver.Import(_sample.Export());

        Assert.Equal(["debian-sci"], imported.NamesRefused);
        Assert.Equal(other.Manifest.Digest, names.List().Single(image => image.Name == "debian-sci").Manifest.Digest);
        Assert.Contains(names.List(), image => image.Name is null && image.Manifest.Digest == SampleArchive.DigestOf("manifest"));
    }

    [Fact]
    public void A_folder_it_was_unpacked_into_is_a_bundle_too()
    {
        using var folder = new TemporaryFolder();
        _sample.Files().WriteTo(folder.Path);

        Assert.True(BundleSource.IsBundle(folder.Path));
        Assert.Equal(3, _receiver.Import(BundleSource.Open(folder.Path)).Records.Count);
    }

    [Fact]
    public void What_a_person_packed_again_is_a_bundle_still()
    {
        Tool.Require("tar");
        using var folder = new TemporaryFolder();
        _sample.Files().WriteTo(Path.Combine(folder.Path, "in"));
        Assert.Equal(0, Tool.Run(folder.Path, "tar", "--sort=name", "-C", "in", "-czf", "again.tgz", ".").Status);

        Assert.Equal(3, _receiver.Import(BundleSource.Open(Path.Combine(folder.Path, "again.tgz"))).Records.Count);
    }

    [Fact]
    public void Bundles_are_told_from_other_files()
    {
        using var folder = new TemporaryFolder();
        string bundle = Path.Combine(folder.Path, "bundle");
        string bag = Path.Combine(folder.Path, "bag");
        string other = Path.Combine(folder.Path, "other");
        File.WriteAllBytes(bundle, _sample.Export(packing: new BundlePacking { Zstd = true }));
        File.WriteAllBytes(bag, _sample.Export(packing: new BundlePacking { Bag = true }));
        File.WriteAllBytes(other, Images.TarBuilder.New().File("etc/motd", "hello").Build());

        Assert.Equal([true, true, false, false, false], new[] { bundle, bag, other, folder.Path, "-" }.Select(BundleSource.IsBundle));
    }

    [Fact]
    public void A_bundle_larger_than_the_archive_may_become_is_refused_before_it_is_read()
    {
        File.WriteAllText(_receiver.Layout.Config, "[archive]\nmax_bytes = 100\n");

        Assert.Throws<QuotaException>(() => _receiver.Import(_sample.Export()));

        Assert.Empty(_receiver.Layout.Arrivals());
        Assert.False(Directory.Exists(_receiver.Layout.Blobs));
    }

    [Fact]
    public void A_proof_of_a_log_goes_along()
    {
        byte[] proof = "c2sp.org/tlog-proof@v1\n"u8.ToArray();
        byte[] tar = _sample.Export(proofs: row => row.Record == _sample.Run ? proof : null);

        var imported = _receiver.Import(tar);

        Assert.Equal(proof, imported.Records.Single(record => record.Record == _sample.Run).Proof!.Value.ToArray());
        Assert.Null(imported.Records.Single(record => record.Record == _sample.Image).Proof);
    }

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
