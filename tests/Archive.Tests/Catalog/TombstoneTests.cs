using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>What is taken down is hidden from everybody, and nobody forgets that it was there.</summary>
public sealed class TombstoneTests : IDisposable
{
    private const string Reason = "has names of patients";
    private static readonly FakeTimeProvider Clock = new(RecordSamples.Start);

    private readonly SampleBundle _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Only_the_archives_own_key_takes_something_down()
    {
        using var eve = SigningKey.Create("Eve", RecordSamples.Start);
        TakeDown(_sample.Run, RecordKind.Run, eve);
        Assert.Empty(Tombstones.InForce(_sample.Archive.Blobs, SampleArchive.Sync));

        var own = TakeDown(_sample.Run, RecordKind.Run);

        var inForce = Assert.Single(Tombstones.InForce(_sample.Archive.Blobs, SampleArchive.Sync));
        Assert.Equal((own, _sample.Run, RecordKind.Run, Reason, "Ada Example"), (inForce.Record, inForce.Of, inForce.Kind, inForce.Reason, inForce.SignerName));
        using var finder = _sample.Archive.Finder();
        Assert.Equal(2, finder.TombstonesOf(_sample.Run.Hex[..12]).Count);
        Assert.Empty(finder.TombstonesOf("no digest"));
    }

    [Fact]
    public void What_is_taken_down_is_hidden_with_what_hangs_on_it_and_its_tombstone_is_not()
    {
        var tombstone = TakeDown(_sample.Run, RecordKind.Run);

        foreach (var audience in (Audience[])[Audience.Public, Administrator, new() { Review = Link(_sample.Run) }])
        {
            using var finder = Open(audience);
            Assert.Null(finder.Find(_sample.Run.Hex));
            Assert.Null(finder.Find(_sample.Replay.Hex));
            Assert.Empty(finder.Runs(new RunQuery()));
            Assert.Equal(audience.Review is null, finder.Find(tombstone.Hex) is not null);
        }
    }

    [Fact]
    public void Of_what_was_hidden_before_the_tombstone_is_hidden_too()
    {
        new Restrictions(_sample.Archive.Layout, Clock).Set([_sample.Run], "ada", null);
        var tombstone = TakeDown(_sample.Run, RecordKind.Run);

        using var finder = Open(Audience.Public);

        Assert.Null(finder.Find(tombstone.Hex));
        Assert.Empty(finder.TombstonesOf(_sample.Run.Hex));
        using var all = Open(Administrator);
        Assert.Single(all.TombstonesOf(_sample.Run.Hex));
    }

    [Fact]
    public void Its_files_go_and_everything_else_stays_and_the_archive_is_whole()
    {
        var kept = _sample.Archive.Put("only of the run that is taken down");
        var shared = _sample.Archive.Put("of both runs");
        var run = _sample.Archive.Accept(7, run => With(run, kept, shared));
        var other = _sample.Archive.Accept(8, run => With(run, null, shared));
        foreach (string path in Directory.EnumerateFiles(_sample.Archive.Layout.Blobs))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        }

        Collect();
        Assert.True(_sample.Archive.Blobs.Contains(kept.Digest));
        TakeDown(run, RecordKind.Run);
        Collect();

        Assert.False(_sample.Archive.Blobs.Contains(kept.Digest));
        Assert.True(_sample.Archive.Blobs.Contains(shared.Digest));
        Assert.True(_sample.Archive.Blobs.Contains(run));
        Assert.True(_sample.Archive.Blobs.Contains(other));
        Assert.DoesNotContain(
            new Fsck(_sample.Archive.Blobs, SampleArchive.Sync).Check(null, CancellationToken.None).Findings, finding => finding.Severity == FsckSeverity.Damage);
    }

    [Fact]
    public void It_travels_and_does_nothing_elsewhere()
    {
        var tombstone = TakeDown(_sample.Run, RecordKind.Run);
        using var receiver = new Receiver();

        var imported = receiver.Import(_sample.Export(new ExportOptions()));

        Assert.Contains(tombstone, imported.Records.Select(record => record.Record));
        Assert.Empty(Tombstones.InForce(receiver.Blobs, SampleArchive.Sync));
        Assert.Empty(receiver.Fsck().Findings);
    }

    [Fact]
    public void A_catalog_that_is_made_anew_has_the_same_rows()
    {
        TakeDown(_sample.Run, RecordKind.Run);
        var before = Rows();

        new Reindexer(_sample.Archive.Blobs, SampleArchive.Sync).Reindex(null, CancellationToken.None);

        Assert.Equal(before, Rows());
    }

    [Theory]
    [InlineData("\"reason\":\"has names of patients\"", "\"reason\":\"\"")]
    [InlineData("\"reason\":\"has names of patients\"", "\"reason\":\"two\\nlines\"")]
    [InlineData("\"kind\":\"run\"", "\"kind\":\"tombstone\"")]
    [InlineData("\"name\":\"record\"", "\"name\":\"run\"")]
    public void What_is_not_in_its_limits_is_refused(string good, string bad)
    {
        string text = System.Text.Encoding.UTF8.GetString(RecordJson.Serialize(RecordSamples.Tombstone()));
        RecordJson.ParseTombstone(System.Text.Encoding.UTF8.GetBytes(text));
        string spoilt = text.Replace(good, bad, StringComparison.Ordinal);

        Assert.NotEqual(text, spoilt);
        Assert.Throws<RecordFormatException>(() => RecordJson.ParseTombstone(System.Text.Encoding.UTF8.GetBytes(spoilt)));
    }

    private static Audience Administrator => new()
    {
        Token = new AccessToken { Id = 1, Label = "", Owner = "ada", Scopes = TokenScopes.Admin, CreatedAt = RecordSamples.Start },
    };

    private static ReviewLink Link(Digest run) => new()
    {
        Id = 1,
        Label = "",
        Records = [run],
        CreatedAt = RecordSamples.Start,
        ExpiresAt = RecordSamples.Start.AddYears(1),
    };

    private static RunRecord With(RunRecord run, Descriptor? stdout, Descriptor stderr) => run with
    {
        Outcome = run.Outcome with
        {
            Stdout = stdout is null ? null : Stream(run.Outcome.Stdout!, stdout),
            Stderr = Stream(run.Outcome.Stderr!, stderr),
        },
    };

    private static StreamOutcome Stream(StreamOutcome of, Descriptor kept) => of with
    {
        Kept = kept,
        Size = kept.Size,
        Digest = of.Digest with { Sha256 = kept.Digest.Hex, Sha512 = kept.Sha512 },
    };

    private RecordFinder Open(Audience audience) => RecordFinder.Open(
        _sample.Archive.Blobs, SampleArchive.Sync, audience.ScopeIn(_sample.Archive.Blobs, SampleArchive.Sync, Clock));

    private void Collect() => new GarbageCollector(_sample.Archive.Blobs, SampleArchive.Sync, TimeProvider.System)
        .Collect(new GcOptions { OlderThan = TimeSpan.FromHours(1) }, CancellationToken.None);

    private Digest TakeDown(Digest record, RecordKind kind, SigningKey? by = null) => _sample.TakeDown(record, kind, by, Reason);

    private Dictionary<string, string> Rows()
    {
        using var catalog = CatalogDatabase.OpenForReading(_sample.Archive.Layout.CatalogDatabase)!;
        return CatalogRows.HashTables(catalog.Connection).ToDictionary(table => table.Key, table => table.Value.ToString()!);
    }
}
