using Provenance.Archive.Care;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Care;

/// <summary>Whatever is done to the files of a log, repair either makes the same bytes again or leaves it and says so.</summary>
public sealed class LogRepairTests : IDisposable
{
    private const int Records = 6;

    private readonly SampleArchive _archive = new();
    private readonly ArchiveCopy _copy;

    public LogRepairTests()
    {
        _archive.AcceptImage();
        for (int number = 1; number < Records; number++)
        {
            _archive.Accept(number);
        }

        _copy = new ArchiveCopy(_archive.Layout);
    }

    public void Dispose()
    {
        _copy.Dispose();
        _archive.Dispose();
    }

    [Theory]
    [InlineData("tile/entries/000.p/6")]
    [InlineData("tile/0/000.p/6")]
    [InlineData("checkpoint")]
    public void A_file_of_the_log_that_is_gone_or_changed_is_made_again(string name)
    {
        string path = Path.Combine(_archive.Layout.Log, name);
        byte[] good = File.ReadAllBytes(path);
        File.Delete(path);

        Assert.Equal($"log/{name}", Assert.Single(Repair().Repairs).Subject);
        Assert.Equal(good, File.ReadAllBytes(path));
        for (int at = 0; at < good.Length; at += 397)
        {
            byte[] changed = [.. good];
            changed[at] ^= 4;
            File.WriteAllBytes(path, changed);

            Assert.Contains($"log/{name}", Repair().Repairs.Select(repair => repair.Subject));
            Assert.Equal(good, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Entries_come_back_from_the_catalog_and_the_blobs_when_the_tile_is_gone_too()
    {
        Remove("tile/entries/000.p/6", "tile/0/000.p/6", "checkpoint");

        Assert.Equal(3, Repair().Repairs.Count);
        AssertSameLog();
    }

    [Fact]
    public void Without_a_catalog_they_come_from_another_archive()
    {
        Remove("tile/entries/000.p/6", "tile/0/000.p/6");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(_archive.Layout.CatalogDatabase);

        var alone = Repair();
        Assert.False(alone.After.IsSound);
        Assert.Contains(alone.Unrepaired, damage => damage.Needed.StartsWith("a copy of the log", StringComparison.Ordinal));
        Assert.True(Repair(_copy.Layout.Root).After.IsSound);
        AssertSameLog();
    }

    [Fact]
    public void A_log_that_was_put_back_goes_forward_again_from_where_it_is_newer()
    {
        using var older = new ArchiveCopy(_archive.Layout);
        _archive.Accept(Records);
        using var newer = new ArchiveCopy(_archive.Layout);
        Directory.Delete(_archive.Layout.Log, recursive: true);
        CopyLog(older);
        Assert.False(Repair().After.IsSound && _archive.Log.Size == Records);

        Assert.True(Repair(newer.Layout.Root).After.IsSound);

        Assert.Equal(Records + 1, _archive.Log.Size);
        _archive.Accept(Records + 1);
        Assert.Equal(Records + 2, _archive.Log.Size);
    }

    [Fact]
    public void Another_history_of_the_same_key_is_not_taken_over()
    {
        using var fork = new ArchiveCopy(_archive.Layout);
        _archive.Accept(100);
        var other = new Provenance.Archive.Catalog.RecordIntake(fork.Blobs, SampleArchive.Sync);
        foreach (int number in new[] { 200, 201 })
        {
            byte[] statement = _archive.Run(number);
            CopyBlobs(fork);
            other.Accept(RecordKind.Run, statement, _archive.Sign(statement));
        }

        string path = Path.Combine(_archive.Layout.Log, "tile", "0", "000.p", "7");
        File.Delete(path);
        byte[] checkpoint = File.ReadAllBytes(_archive.Layout.Checkpoint);

        var report = Repair(fork.Layout.Root);

        Assert.False(report.After.IsSound);
        Assert.Equal(checkpoint, File.ReadAllBytes(_archive.Layout.Checkpoint));
        Assert.False(File.Exists(path));
        Assert.True(Repair().After.IsSound);
    }

    [Fact]
    public void A_checkpoint_that_somebody_else_signed_is_not_taken_over()
    {
        using var stranger = new SampleArchive();
        stranger.Accept(1);
        Remove("checkpoint", "tile/0/000.p/6", "tile/entries/000.p/6");
        File.Delete(Path.Combine(_archive.Layout.LogKeys, "seen"));
        Directory.Delete(_archive.Layout.Proofs, recursive: true);

        Assert.False(Repair(stranger.Layout.Root).After.IsSound && File.Exists(_archive.Layout.Checkpoint));
        Assert.False(File.Exists(_archive.Layout.Checkpoint));
        Assert.True(Repair(_copy.Layout.Root).After.IsSound);
        AssertSameLog();
    }

    [Fact]
    public void What_the_key_signed_last_is_remembered_again_from_a_good_log()
    {
        File.WriteAllText(Path.Combine(_archive.Layout.LogKeys, "seen"), "nothing");

        Assert.Contains(Repair().Repairs, repair => repair.Subject == "keys/log/seen");
        _archive.Accept(50);
        Assert.Equal(Records + 1, _archive.Log.Size);
    }

    [Fact]
    public void Full_tiles_of_a_longer_log_are_made_again()
    {
        var intake = _archive.Intake();
        for (int number = 1000; number < 1000 + 270; number++)
        {
            byte[] statement = _archive.Run(number);
            intake.Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        }

        intake.SequenceIncoming();
        using var whole = new ArchiveCopy(_archive.Layout);
        Remove("tile/entries/001.p/20", "tile/0/000", "tile/1/000.p/1");
        byte[] changed = File.ReadAllBytes(Path.Combine(_archive.Layout.Log, "tile/entries/000"));
        changed[5000] ^= 1;
        File.WriteAllBytes(Path.Combine(_archive.Layout.Log, "tile/entries/000"), changed);

        var report = Repair();

        Assert.Empty(report.Unrepaired);
        Assert.Equal(LogOf(whole.Layout.Log), LogOf(_archive.Layout.Log));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_damage_is_mended_to_the_same_bytes_or_told(int seed)
    {
        string[] names = ["tile/entries/000.p/6", "tile/0/000.p/6", "checkpoint", "../keys/log/seen", "../catalog.db"];
#pragma warning disable CA5394 // the same numbers each time
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            CopyLog(_copy);
            foreach (string name in names.Where(_ => random.Next(2) == 0))
            {
                string path = Path.Combine(_archive.Layout.Log, name);
                byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [0];
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                File.WriteAllBytes(path, random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            }

            var report = Repair(round % 3 == 2 ? [_copy.Layout.Root] : []);
            Assert.True(report.After.IsSound || round % 3 != 2, string.Join('\n', report.Unrepaired) + string.Join('\n', report.Repairs));
            if (report.After.IsSound)
            {
                AssertSameLog();
            }
        }
#pragma warning restore CA5394
    }

    private void Remove(params string[] names) => Array.ForEach(names, name => File.Delete(Path.Combine(_archive.Layout.Log, name)));

    private void AssertSameLog() => Assert.Equal(LogOf(_copy.Layout.Log), LogOf(_archive.Layout.Log));

    private static Dictionary<string, string> LogOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Convert.ToHexString(File.ReadAllBytes(path)));

    private void CopyLog(ArchiveCopy from)
    {
        foreach (string path in Directory.EnumerateFiles(from.Layout.Log, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_archive.Layout.Log, Path.GetRelativePath(from.Layout.Log, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy, overwrite: true);
        }
    }

    private void CopyBlobs(ArchiveCopy to)
    {
        foreach (string path in Directory.EnumerateFiles(_archive.Layout.Blobs))
        {
            File.Copy(path, Path.Combine(to.Layout.Blobs, Path.GetFileName(path)), overwrite: true);
        }
    }

    private RepairReport Repair(params string[] from) =>
        new ArchiveRepairer(_archive.Blobs, SampleArchive.Sync).Repair(from, progress: null, CancellationToken.None);
}
