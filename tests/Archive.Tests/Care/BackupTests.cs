using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Upkeep;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Care;

public sealed class BackupTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly TemporaryFolder _folder = new();

    private SampleArchive Archive => _sample.Archive;

    private StoreLayout Copy => new(Path.Combine(_folder.Path, "copy"));

    public void Dispose()
    {
        _folder.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void A_backup_is_an_archive_of_the_same_records_that_passes_fsck()
    {
        var report = Backup();

        Assert.Equal((3, 3, 0), (report.LogEntries, report.NewEntries, report.Waiting));
        Assert.Equal(report.Blobs, report.NewBlobs);
        AssertWhole();
        using var there = RecordFinder.Open(new BlobStore(Copy, SampleArchive.Sync), SampleArchive.Sync);
        Assert.Equal(_sample.Run, Assert.Single(there.Runs(new RunQuery())).Record);
        Assert.Equal(Rows(Archive.Layout), Rows(Copy));
    }

    [Fact]
    public void Private_keys_are_copied_only_when_asked()
    {
        Assert.Equal(2, Backup().KeysLeftOut);
        Assert.DoesNotContain(KeyFiles(), path => File.ReadAllText(path).Contains("PRIVATE", StringComparison.Ordinal));
        Assert.Contains(KeyFiles(), path => path.EndsWith("cert.pem", StringComparison.Ordinal));

        Assert.Equal(0, Backup(withKeys: true).KeysLeftOut);
        string[] secret = [.. KeyFiles().Where(path => File.ReadAllText(path).Contains("PRIVATE", StringComparison.Ordinal))];
        Assert.Equal(2, secret.Length);
        Assert.All(secret, path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    /// <summary>Else recording into it would look for a key that is not there.</summary>
    [Fact]
    public void Without_private_keys_no_key_is_chosen_to_sign_or_to_endorse()
    {
        new KeyStore(Archive.Layout, SampleArchive.Sync, TimeProvider.System).Create("Ada", second: true).Dispose();

        Backup();

        var there = new KeyStore(Copy, SampleArchive.Sync, TimeProvider.System);
        Assert.False(there.HasKey);
        Assert.Null(there.FindSecond());
        there.RequirePassphrase();
        Backup(withKeys: true);
        using var second = there.FindSecond();
        Assert.NotNull(second);
    }

    [Fact]
    public void The_next_one_copies_only_what_is_new()
    {
        Backup();
        int before = Directory.GetFiles(Archive.Layout.Blobs).Length;
        Assert.Equal(0, Backup().NewBlobs);
        Archive.Accept(5, _sample.OfTheImage);

        var report = Backup();

        Assert.Equal(Directory.GetFiles(Archive.Layout.Blobs).Length - before, report.NewBlobs);
        Assert.Equal((4, 1), (report.LogEntries, report.NewEntries));
        AssertWhole();
    }

    [Fact]
    public void Records_that_wait_are_in_it_and_leave_its_incoming_when_they_are_in_the_log()
    {
        byte[] statement = Archive.Run(5, _sample.OfTheImage);
        var record = Archive.Intake().Acknowledge(RecordKind.Run, statement, Archive.Sign(statement));
        Assert.Equal(1, Backup().Waiting);
        Assert.True(File.Exists(Path.Combine(Copy.Incoming, record.Hex)));
        Archive.Intake().SequenceIncoming();

        Backup();

        Assert.Empty(Directory.EnumerateFiles(Copy.Incoming));
        AssertWhole();
    }

    [Fact]
    public void One_that_was_stopped_goes_on()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Backup(false, new StopAt(5, stop), stop.Token));

        string left = Path.Combine(Copy.Temporary, ".prov-left");
        File.WriteAllText(left, "half");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddMinutes(-1));

        Backup();

        Assert.Empty(Directory.EnumerateFiles(Copy.Temporary));
        AssertWhole();
    }

    [Fact]
    public void One_that_was_killed_before_its_first_file_goes_on()
    {
        Directory.CreateDirectory(Copy.Temporary);
        File.WriteAllText(Copy.GcLock, "");
        File.WriteAllText(Path.Combine(Copy.Root, ".prov-left"), "");
        File.WriteAllText(Path.Combine(Copy.Temporary, ".prov-left..lease"), "");

        Backup();

        AssertWhole();
    }

    [Fact]
    public async Task It_is_whole_while_others_record_and_collect_garbage()
    {
        using var done = new CancellationTokenSource();
        var recorders = Enumerable.Range(0, 2).Select(writer =>
            Task.Run(() => RecordUntil(writer * 1000, done.Token), TestContext.Current.CancellationToken)).ToList();
        var collector = Task.Run(() => CollectUntil(done.Token), TestContext.Current.CancellationToken);
        for (int round = 0; round < 4; round++)
        {
            var acknowledged = Archive.Logged();
            Backup();
            AssertWhole();
            Assert.Subset(LoggedIn(Copy).ToHashSet(), acknowledged.ToHashSet());
        }

        await done.CancelAsync();
        await Task.WhenAll([.. recorders, collector]);
    }

    [Fact]
    public void A_damaged_blob_is_told_and_not_copied()
    {
        var digest = Archive.Put("layer").Digest;
        RepairTests.Change(Archive.Layout.BlobPath(digest), "xayer");

        var report = Backup();

        Assert.Contains(digest.Hex, Assert.Single(report.Damaged), StringComparison.Ordinal);
        Assert.False(File.Exists(Copy.BlobPath(digest)));
    }

    [Fact]
    public void A_good_blob_in_the_backup_outlives_damage_in_the_archive()
    {
        Backup();
        var digest = Archive.Put("layer").Digest;
        RepairTests.Change(Archive.Layout.BlobPath(digest), "longer than the layer");

        Assert.Single(Backup().Damaged);

        Assert.Equal("layer", File.ReadAllText(Copy.BlobPath(digest)));
    }

    [Fact]
    public void Only_a_new_folder_or_a_backup_of_this_archive_will_do()
    {
        using var other = new SampleArchive();
        other.Accept(1);
        using var full = new TemporaryFolder();
        File.WriteAllText(Path.Combine(full.Path, "thesis.tex"), "mine");

        Assert.Contains("is the archive itself", Refused(Archive.Layout.Root), StringComparison.Ordinal);
        Assert.Contains("is the archive itself", Refused(Path.Combine(Archive.Layout.Root, "backup")), StringComparison.Ordinal);
        Assert.Contains("no backup of archive", Refused(other.Layout.Root), StringComparison.Ordinal);
        Assert.Contains("no backup of archive", Refused(full.Path), StringComparison.Ordinal);
        Assert.Contains("is a file", Refused(Path.Combine(full.Path, "thesis.tex")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_was_put_back_is_not_backed_up_over_its_own_future()
    {
        byte[] older = File.ReadAllBytes(Archive.Layout.Checkpoint);
        Archive.Accept(5, _sample.OfTheImage);
        Backup();
        byte[] kept = File.ReadAllBytes(Copy.Checkpoint);
        RepairTests.Change(Archive.Layout.Checkpoint, System.Text.Encoding.UTF8.GetString(older));

        Assert.Contains("rolled back", Refused(Copy.Root), StringComparison.Ordinal);
        File.Delete(Path.Combine(Archive.Layout.LogKeys, "seen"));
        Assert.Contains("the log it is to follow has 3", Refused(Copy.Root), StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllBytes(Copy.Checkpoint));
    }

    [Fact]
    public void A_certificate_that_is_trusted_no_longer_is_set_aside_there_too()
    {
        string trusted = Path.Combine(Directory.CreateDirectory(Archive.Layout.Trust).FullName, "ada.pem");
        File.Copy(Directory.EnumerateFiles(Archive.Layout.Keys, "cert.pem", SearchOption.AllDirectories).First(), trusted);
        Backup();
        Assert.True(File.Exists(Path.Combine(Copy.Trust, "ada.pem")));
        File.Delete(trusted);

        Backup();

        Assert.False(File.Exists(Path.Combine(Copy.Trust, "ada.pem")));
        Assert.True(File.Exists(Path.Combine(Copy.Quarantine, "trust", "ada.pem")));
    }

    [Fact]
    public void A_lost_archive_is_repaired_from_its_backup()
    {
        Backup();
        Directory.Delete(Archive.Layout.Blobs, recursive: true);
        Directory.Delete(Archive.Layout.Log, recursive: true);

        var report = new ArchiveRepairer(Archive.Blobs, SampleArchive.Sync).Repair([Copy.Root], null, CancellationToken.None);

        Assert.Empty(report.Unrepaired);
        Assert.Equal(3, Archive.Log.Size);
    }

    private void RecordUntil(int first, CancellationToken done)
    {
        for (int number = first; !done.IsCancellationRequested; number++)
        {
            using var lease = WriterLease.TryTake(Archive.Layout);
            Archive.Accept(number + 10, _sample.OfTheImage);
        }
    }

    private void CollectUntil(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            try
            {
                new GarbageCollector(Archive.Blobs, SampleArchive.Sync, TimeProvider.System).Collect(
                    new GcOptions { OlderThan = TimeSpan.Zero, DropContents = TimeSpan.Zero }, CancellationToken.None);
            }
            catch (ArchiveException e) when (e.Message.Contains("another gc", StringComparison.Ordinal))
            {
                // A backup is at work.
            }

            // A backup looks every 10 ms whether it can have the lock.
            Thread.Sleep(50);
        }
    }

    private string Refused(string folder) =>
        Assert.ThrowsAny<ArchiveException>(() =>
            new ArchiveBackup(Archive.Blobs, SampleArchive.Sync).Copy(folder, false, null, CancellationToken.None)).Message;

    private BackupReport Backup(bool withKeys = false) => Backup(withKeys, null, CancellationToken.None);

    private BackupReport Backup(bool withKeys, StopAt? progress, CancellationToken cancellation) =>
        new ArchiveBackup(Archive.Blobs, SampleArchive.Sync).Copy(Copy.Root, withKeys, progress, cancellation);

    private void AssertWhole()
    {
        var report = new Fsck(new BlobStore(Copy, SampleArchive.Sync), SampleArchive.Sync).Check(null, CancellationToken.None);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == FsckSeverity.Damage);
    }

    private string[] KeyFiles() => Directory.GetFiles(Copy.Keys, "*", SearchOption.AllDirectories);

    private static List<string> LoggedIn(StoreLayout layout)
    {
        var log = new Provenance.Archive.Transparency.TransparencyLog(layout, SampleArchive.Sync);
        return [.. log.Entries(0, log.Size).Select(entry => Provenance.Archive.Transparency.LogLeaf.Parse(entry).Record.Sha256)];
    }

    private static Dictionary<string, string> Rows(StoreLayout layout)
    {
        using var catalog = CatalogDatabase.OpenForReading(layout.CatalogDatabase)!;
        return new Dictionary<string, string>(CatalogRows.HashTables(catalog.Connection));
    }

    private sealed class StopAt(long blobs, CancellationTokenSource stop) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value)
        {
            if (value.BlobsDone == blobs)
            {
                stop.Cancel();
            }
        }
    }
}
