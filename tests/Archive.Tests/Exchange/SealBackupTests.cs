using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;
using Xunit;
using SampleArchive = Provenance.Archive.Tests.Catalog.SampleArchive;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Backups of an archive with seals, its own and those that came along: at no moment there is half a seal.</summary>
public sealed class SealBackupTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(RecordSamples.Start.AddDays(1));
    private readonly TestAuthority _clock = new();
    private readonly LoopbackServer _server;

    public SealBackupTests()
    {
        _server = LoopbackServer.Replying(query => _clock.Reply(query, _time.GetUtcNow()));
        foreach (var layout in new[] { _sample.Archive.Layout, _receiver.Layout })
        {
            File.WriteAllText(layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");
            Directory.CreateDirectory(layout.TimestampTrust);
            File.WriteAllText(Path.Combine(layout.TimestampTrust, "clock.pem"), _clock.Root.ExportCertificatePem() + "\n");
        }

        Renew(_sample.Archive.Layout);
        using var finder = _sample.Archive.Finder();
        _receiver.Import(_sample.Export(proofs: finder.FindProof));
        Renew(_receiver.Layout);
    }

    private StoreLayout Copy => new(Path.Combine(_folder.Path, "copy"));

    public void Dispose()
    {
        _server.Dispose();
        _clock.Dispose();
        _sample.Dispose();
        _receiver.Dispose();
        _folder.Dispose();
    }

    /// <summary>The moments at which a folder is made durable are those between which files get their names.</summary>
    [Fact]
    public void Killed_at_any_moment_it_has_no_half_a_seal_and_the_next_goes_on()
    {
        int moments = 0;
        Backup(_ => moments++);
        Assert.True(moments > 20, $"{moments} moments");
        for (int moment = 0; moment < moments; moment++)
        {
            if (Directory.Exists(Copy.Root))
            {
                Directory.Delete(Copy.Root, recursive: true);
            }

            int left = moment;
            Assert.Throws<KilledException>(() => Backup(_ =>
            {
                if (left-- == 0)
                {
                    throw new KilledException();
                }
            }));

            Assert.All(SealFolders(), folder => Assert.Equal(2, Directory.GetFiles(folder).Length));
            Assert.DoesNotContain(Fsck(), finding => finding.Subject.Contains("seals", StringComparison.Ordinal) && finding.Severity == FsckSeverity.Damage);
            Assert.Empty(Backup(SampleArchive.Sync).Damaged);
            AssertWhole();
        }
    }

    [Theory]
    [InlineData("SHA512SUMS")]
    [InlineData("SHA512SUMS.tst")]
    public void Half_a_seal_that_an_earlier_program_left_is_finished(string missing)
    {
        Backup(SampleArchive.Sync);
        foreach (string folder in SealFolders())
        {
            File.Delete(Path.Combine(folder, missing));
        }

        Assert.Contains(Fsck(), finding => finding.Severity == FsckSeverity.Damage);

        Backup(SampleArchive.Sync);

        AssertWhole();
    }

    [Fact]
    public void What_a_killed_writer_left_of_a_seal_is_told_and_removed_by_the_next_backup_and_by_gc()
    {
        Backup(SampleArchive.Sync);
        foreach (var layout in new[] { Copy, _receiver.Layout })
        {
            foreach (string folder in new[] { layout.Seals, layout.OriginSeals })
            {
                string left = Directory.CreateDirectory(Path.Combine(folder, ".prov-left")).FullName;
                File.WriteAllText(Path.Combine(left, "SHA512SUMS"), "half");
                Directory.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddDays(-2));
            }
        }

        Assert.Equal(2, Fsck().Count(finding =>
            finding.Severity == FsckSeverity.Note && finding.Subject.EndsWith("seals/.prov-left", StringComparison.Ordinal)));

        Backup(SampleArchive.Sync);
        AssertWhole();
        new GarbageCollector(_receiver.Blobs, SampleArchive.Sync, TimeProvider.System).Collect(new GcOptions(), CancellationToken.None);
        Assert.Empty(Directory.GetDirectories(_receiver.Layout.Root, ".prov-left", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_whole_one_in_the_backup_outlives_damage_in_the_archive_which_is_told()
    {
        Backup(SampleArchive.Sync);
        var seals = new OriginSeals(_receiver.Layout, SampleArchive.Sync);
        var name = Assert.Single(seals.Names);
        File.WriteAllText(seals.PlaceOf(name).TokenPath, "damaged");

        var damaged = Assert.Single(Backup(SampleArchive.Sync).Damaged);

        Assert.StartsWith($"'origins/seals/{name.Abbreviated}…': seal: its time stamp is no token of RFC 3161", damaged, StringComparison.Ordinal);
        AssertWhole(copied: false);
    }

    private void AssertWhole(bool copied = true)
    {
        Assert.DoesNotContain(Fsck(), finding => finding.Severity == FsckSeverity.Damage);
        Assert.Empty(Directory.GetDirectories(Copy.Root, ".prov-*", SearchOption.AllDirectories));
        Assert.Equal(2, SealFolders().Count());
        foreach (string file in copied ? SealFolders().SelectMany(Directory.GetFiles) : [])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(_receiver.Layout.Root, Path.GetRelativePath(Copy.Root, file))), File.ReadAllBytes(file));
        }
    }

    private IEnumerable<string> SealFolders() => new[] { Copy.Seals, Copy.OriginSeals }
        .Where(Directory.Exists)
        .SelectMany(Directory.GetDirectories)
        .Where(folder => !AtomicFile.IsTemporary(Path.GetFileName(folder)));

    private IReadOnlyList<FsckFinding> Fsck() =>
        new Fsck(new BlobStore(Copy, SampleArchive.Sync), SampleArchive.Sync).Check(null, CancellationToken.None).Findings;

    private void Renew(StoreLayout layout) => Assert.NotNull(new SealMaker(layout, SampleArchive.Sync, _time).Renew(always: true).Folder);

    private BackupReport Backup(Action<string> sync) =>
        new ArchiveBackup(new BlobStore(_receiver.Layout, SampleArchive.Sync), folder => sync(folder))
            .Copy(Copy.Root, withKeys: false, null, CancellationToken.None);

    private sealed class KilledException : Exception;
}
