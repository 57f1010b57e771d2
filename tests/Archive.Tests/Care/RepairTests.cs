using System.Text;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Care;

public sealed class RepairTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly ArchiveCopy _backup;

    public RepairTests() => _backup = new ArchiveCopy(Archive.Layout);

    private SampleArchive Archive => _sample.Archive;

    public void Dispose()
    {
        _backup.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void A_sound_archive_is_left_as_it_is()
    {
        var report = Repair();

        Assert.True(report.After.IsSound);
        Assert.Empty(report.Repairs);
        Assert.False(Directory.Exists(Archive.Layout.Quarantine));
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("result 1")]
    [InlineData("out")]
    public void A_changed_blob_is_fetched_and_the_damaged_one_kept_aside(string content)
    {
        var digest = Archive.Put(content).Digest;
        Change(Archive.Layout.BlobPath(digest), "something else");
        Assert.False(Repair().After.IsSound);

        var report = Repair(_backup.Layout.Root);

        Assert.True(report.After.IsSound);
        var repair = Assert.Single(report.Repairs);
        Assert.Equal($"blobs/sha256/{digest.Hex}", repair.Subject);
        Assert.Contains("by SHA-256 and SHA-512", repair.How, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Archive.Layout.BlobPath(digest)));
        Assert.Equal("something else", File.ReadAllText(Path.Combine(Archive.Layout.Quarantine, "blobs", "sha256", digest.Hex)));
        Assert.Contains(report.After.Findings, finding => finding.Subject == "quarantine");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_comes_back_with_all_that_it_names(bool fromBundle)
    {
        using var folder = new TemporaryFolder();
        string bundle = Path.Combine(folder.Path, "run.prov.tar");
        File.WriteAllBytes(bundle, _sample.Export());
        var run = RecordJson.ParseRun(Archive.Blobs.Read(_sample.Run, long.MaxValue)).Predicate;
        Digest[] gone = [_sample.Run, run.Generated.Blob!.Digest, Archive.Put("result 1").Digest, Archive.Put("layer").Digest];
        Array.ForEach(gone, digest => File.Delete(Archive.Layout.BlobPath(digest)));

        var report = Repair(fromBundle ? bundle : _backup.Layout.Root);

        Assert.Empty(report.Unrepaired);
        Assert.Equal(
            gone.Select(digest => $"blobs/sha256/{digest.Hex}").Order(),
            report.Repairs.Select(repair => repair.Subject).Where(name => name.StartsWith("blobs/", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void What_a_source_says_is_checked()
    {
        var digest = Archive.Put("layer").Digest;
        Change(Archive.Layout.BlobPath(digest), "xayer");
        Change(_backup.Layout.BlobPath(digest), "yayer");

        var report = Repair(_backup.Layout.Root);

        Assert.False(report.After.IsSound);
        Assert.Contains("content has digest", Assert.Single(report.SourceProblems), StringComparison.Ordinal);
        Assert.Equal("xayer", File.ReadAllText(Archive.Layout.BlobPath(digest)));
        Assert.Contains(report.Unrepaired, damage => damage.Needed == "a copy of this blob");
        Assert.False(Directory.Exists(Archive.Layout.Quarantine));
    }

    [Fact]
    public void A_blob_with_another_SHA512_than_the_record_says_is_refused()
    {
        var blob = Archive.Put("collision");
        File.Delete(Archive.Layout.BlobPath(blob.Digest));
        new BlobStore(_backup.Layout, SampleArchive.Sync).Put(MediaTypes.OctetStream, "collision"u8);
        var sources = SpareSources.Open([_backup.Layout.Root], Archive.Layout);
        var wanted = new Dictionary<Digest, Descriptor> { [blob.Digest] = blob with { Sha512 = new string('0', 128) } };

        var repairs = new BlobRepair(Archive.Blobs, sources, new Quarantine(Archive.Layout, SampleArchive.Sync))
            .Run(wanted, new HashSet<DigestKey>());

        Assert.Empty(repairs);
        Assert.Contains("SHA-512", Assert.Single(sources.Problems), StringComparison.Ordinal);
        Assert.False(Archive.Blobs.Contains(blob.Digest));
    }

    [Fact]
    public void A_blob_that_a_source_has_as_a_link_is_not_followed()
    {
        var digest = Archive.Put("layer").Digest;
        File.Delete(Archive.Layout.BlobPath(digest));
        string there = _backup.Layout.BlobPath(digest);
        File.Move(there, there + ".moved");
        File.CreateSymbolicLink(there, there + ".moved");

        Assert.False(Repair(_backup.Layout.Root).After.IsSound);
    }

    [Theory]
    [InlineData("log/checkpoint")]
    [InlineData("log/tile/0/000.p/3")]
    [InlineData("index.json")]
    public void A_source_with_a_fifo_in_it_is_refused_and_not_waited_for(string name)
    {
        string path = Path.Combine(_backup.Layout.Root, name);
        File.Delete(path);
        Assert.Equal(0, Tool.Run(_backup.Layout.Root, "mkfifo", path).Status);

        Assert.Contains("is no plain file", Assert.Throws<ArchiveException>(() => Repair(_backup.Layout.Root)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log")]
    [InlineData("log/checkpoint")]
    [InlineData("log/tile/0")]
    [InlineData("index.json")]
    public void A_source_with_a_link_in_its_log_is_refused(string name)
    {
        string path = Path.Combine(_backup.Layout.Root, name);
        string aside = Path.Combine(_backup.Layout.Root, "aside");
        if (name == "index.json")
        {
            File.WriteAllText(path, "{}");
        }

        Directory.Move(path, aside);
        File.CreateSymbolicLink(path, aside);

        Assert.Contains("is no plain file", Assert.Throws<ArchiveException>(() => Repair(_backup.Layout.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_source_is_asked_for_what_the_first_has_not()
    {
        using var folder = new TemporaryFolder();
        string cut = Path.Combine(folder.Path, "cut.prov.tar");
        byte[] tar = _sample.Export();
        File.WriteAllBytes(cut, tar[..(tar.Length / 3)]);
        var digest = Archive.Put("result 1").Digest;
        File.Delete(Archive.Layout.BlobPath(digest));

        var report = Repair(cut, _backup.Layout.Root);

        Assert.True(report.After.IsSound);
        Assert.NotEmpty(report.SourceProblems);
    }

    [Fact]
    public void What_is_no_archive_and_no_bundle_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no archive", Assert.Throws<ArchiveException>(() => Repair(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("itself", Assert.Throws<ArchiveException>(() => Repair(Archive.Layout.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_blob_that_nothing_names_is_set_aside()
    {
        var digest = Archive.Put("nobody's").Digest;
        Change(Archive.Layout.BlobPath(digest), "nobodi's");

        var report = Repair();

        Assert.True(report.After.IsSound);
        Assert.Contains("nothing names it", Assert.Single(report.Repairs).How, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Archive.Layout.Quarantine, "blobs", "sha256", digest.Hex)));
    }

    [Fact]
    public void What_gc_dropped_is_not_fetched_again()
    {
        var digest = Archive.Put("result 1");
        var note = new DroppedBlob { Digest = digest.Digest, Size = digest.Size, DroppedAt = DateTimeOffset.UnixEpoch };
        DroppedBlobs.Add(Archive.Layout, [note], SampleArchive.Sync);
        File.Delete(Archive.Layout.BlobPath(digest.Digest));

        Assert.Empty(Repair(_backup.Layout.Root).Repairs);
        Assert.False(Archive.Blobs.Contains(digest.Digest));
    }

    [Fact]
    public void A_waiting_record_whose_statement_is_gone_comes_back_and_is_put_into_the_log()
    {
        byte[] statement = Archive.Run(9, _sample.OfTheImage);
        var record = Archive.Intake().Acknowledge(RecordKind.Run, statement, Archive.Sign(statement));
        using var later = new ArchiveCopy(Archive.Layout);
        File.Delete(Archive.Layout.BlobPath(record));

        var report = Repair(later.Layout.Root);

        Assert.True(report.After.IsSound);
        Assert.Contains(report.Repairs, repair => repair.Subject == "incoming");
        Assert.Contains(record.Hex, Archive.Logged());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_entry_that_waits_and_is_garbled_is_fetched_or_made_again(bool hasSource)
    {
        byte[] statement = Archive.Run(9, _sample.OfTheImage);
        var record = Archive.Intake().Acknowledge(RecordKind.Run, statement, Archive.Sign(statement));
        using var later = new ArchiveCopy(Archive.Layout);
        string waiting = Path.Combine(Archive.Layout.Incoming, record.Hex);
        byte[] entry = File.ReadAllBytes(waiting);
        Change(waiting, "{\"kind\":");
        Assert.False(new Fsck(Archive.Blobs, SampleArchive.Sync).Check(null, CancellationToken.None).IsSound);

        var report = hasSource ? Repair(later.Layout.Root) : Repair();

        Assert.Empty(report.Unrepaired);
        var repair = Assert.Single(report.Repairs, repair => repair.Subject == $"incoming/{record.Hex}");
        Assert.Contains(hasSource ? "has it" : "made again", repair.How, StringComparison.Ordinal);
        Assert.Contains(record.Hex, Archive.Logged());
        var log = new TransparencyLog(Archive.Layout, SampleArchive.Sync);
        Assert.Equal(entry, log.Entries(log.Size - 1, log.Size).Single());
        Assert.Equal("{\"kind\":", File.ReadAllText(Path.Combine(Archive.Layout.Quarantine, "incoming", record.Hex)));
    }

    [Fact]
    public void An_entry_that_waits_for_a_record_that_nobody_signed_here_stays_as_it_is()
    {
        byte[] statement = Archive.Run(9, _sample.OfTheImage);
        var record = Archive.Intake().Acknowledge(RecordKind.Run, statement, Archive.Sign(statement));
        var signature = LogLeaf.Parse(File.ReadAllBytes(Path.Combine(Archive.Layout.Incoming, record.Hex))).Signature.Digest;
        File.Delete(Archive.Layout.BlobPath(signature));
        Change(Path.Combine(Archive.Layout.Incoming, record.Hex), "x");

        var report = Repair();

        Assert.Equal($"incoming/{record.Hex}", Assert.Single(report.Unrepaired).Subject);
        Assert.Equal("x", File.ReadAllText(Path.Combine(Archive.Layout.Incoming, record.Hex)));
    }

    [Theory]
    [InlineData("garbled")]
    [InlineData("missing")]
    [InlineData("both halves")]
    public void The_key_by_which_the_log_is_judged_comes_back(string what)
    {
        string path = Path.Combine(Archive.Layout.LogKeys, "vkey");
        string key = File.ReadAllText(path);
        File.Delete(path);
        if (what == "garbled")
        {
            File.WriteAllText(path, "no key\n");
        }

        if (what == "both halves")
        {
            File.Delete(Path.Combine(Archive.Layout.LogKeys, "key.pem"));
        }

        var report = what == "both halves" ? Repair(_backup.Layout.Root) : Repair();

        Assert.Empty(report.Unrepaired);
        Assert.Equal("keys/log/vkey", Assert.Single(report.Repairs).Subject);
        Assert.Equal(key, File.ReadAllText(path));
    }

    [Fact]
    public void A_key_that_did_not_sign_the_log_is_not_taken_for_its_key()
    {
        using var other = new SampleBundle();
        string path = Path.Combine(Archive.Layout.LogKeys, "vkey");
        File.Delete(path);
        File.Delete(Path.Combine(Archive.Layout.LogKeys, "key.pem"));

        var report = Repair(other.Archive.Layout.Root);

        Assert.False(report.After.IsSound);
        Assert.DoesNotContain(report.Repairs, repair => repair.Subject == "keys/log/vkey");
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_catalog_that_cannot_be_opened_is_made_again()
    {
        File.WriteAllText(Archive.Layout.CatalogDatabase, new string('x', 5000));

        var report = Repair();

        Assert.Contains(report.Repairs, repair => repair.Subject == "catalog.db, proofs");
        Assert.DoesNotContain(report.After.Findings, finding => finding.Severity != FsckSeverity.Note);
    }

    [Fact]
    public void Proofs_are_made_again()
    {
        string path = Archive.Layout.ProofPath(_sample.Run);
        File.WriteAllText(path, "no proof");
        File.Delete(Archive.Layout.ProofPath(_sample.Image));

        Assert.NotEmpty(Repair().Repairs);
        Assert.NotNull(new LogProofs(Archive.Layout, SampleArchive.Sync).Find(_sample.Run));
        Assert.True(File.Exists(Archive.Layout.ProofPath(_sample.Image)));
    }

    [Fact]
    public void Leftovers_of_killed_writers_are_removed()
    {
        string left = Path.Combine(Archive.Layout.Temporary, ".prov-left");
        File.WriteAllText(left, "half");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddMinutes(-1));

        Assert.Equal("tmp", Assert.Single(Repair().Repairs).Subject);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Names_of_images_come_back_from_records_and_another_archive()
    {
        Name(Archive, "paper/fit");
        using var named = new ArchiveCopy(Archive.Layout);
        File.WriteAllText(Archive.Layout.Index, "{");
        Assert.False(new Fsck(Archive.Blobs, SampleArchive.Sync).Check(null, CancellationToken.None).IsSound);

        Assert.True(Repair(named.Layout.Root).After.IsSound);

        Assert.Equal("paper/fit", Assert.Single(new ImageNames(Archive.Layout, Archive.Blobs, SampleArchive.Sync).List()).Name);
        Assert.Equal("{", File.ReadAllText(Path.Combine(Archive.Layout.Quarantine, "index.json")));
    }

    [Fact]
    public void A_repair_that_is_cancelled_loses_nothing()
    {
        var digest = Archive.Put("layer").Digest;
        Change(Archive.Layout.BlobPath(digest), "xayer");
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new ArchiveRepairer(Archive.Blobs, SampleArchive.Sync).Repair([_backup.Layout.Root], null, stop.Token));
        Assert.True(Repair(_backup.Layout.Root).After.IsSound);
    }

    internal static void Change(string path, string content)
    {
        File.Delete(path);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
    }

    private void Name(SampleArchive archive, string name)
    {
        var image = ImportedImage.Of(RecordJson.ParseImage(archive.Blobs.Read(_sample.Image, long.MaxValue)).Predicate);
        new ImageNames(archive.Layout, archive.Blobs, SampleArchive.Sync).Set(name, image, _sample.Image);
    }

    private RepairReport Repair(params string[] from) =>
        new ArchiveRepairer(Archive.Blobs, SampleArchive.Sync).Repair(from, progress: null, CancellationToken.None);
}
