using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>To count on from what was counted gives what counting all of it gives.</summary>
public sealed class CatalogTallyTests : IDisposable
{
    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void Counting_on_gives_what_counting_all_gives()
    {
        var tally = Count(RecordScope.Everything, before: null);
        for (int number = 1; number <= 9; number++)
        {
            var run = Accept(number);
            Accept(10 + number);
            _archive.AcceptReplay(run);
            tally = Count(RecordScope.Everything, tally);

            AssertSame(Count(RecordScope.Everything, before: null), tally);
        }

        Assert.Equal(18, tally.Count(RecordKind.Run));
        Assert.Equal(9, tally.Count(RecordKind.Replay));
        Assert.Equal(3, tally.Facets(10).Hosts.Count);
    }

    [Fact]
    public void What_became_hidden_or_public_since_is_counted_anew()
    {
        var (hidden, other) = (Accept(1), Accept(2));
        var scope = new RecordScope { Hidden = [hidden] };
        var all = Count(RecordScope.Everything, before: null);

        var some = Count(scope, all);
        AssertSame(Count(scope, before: null), some);
        Assert.Equal(1, some.Count(RecordKind.Run));

        Accept(3);
        var swapped = new RecordScope { Hidden = [other] };
        AssertSame(Count(swapped, before: null), Count(swapped, some));
        AssertSame(Count(RecordScope.Everything, before: null), Count(RecordScope.Everything, some));
    }

    [Fact]
    public void Another_archive_with_less_in_it_is_counted_anew()
    {
        Accept(1);
        Accept(2);
        var before = Count(RecordScope.Everything, before: null);
        using var other = new SampleArchive();
        other.Accept(7);
        using var finder = other.Finder();

        AssertSame(finder.Tally(), finder.Tally(before));
        Assert.Equal(1, finder.Tally(before).Count(RecordKind.Run));
    }

    private Digest Accept(int number) => _archive.Accept(number, run => run with
    {
        Hosts = [run.Hosts[0] with { Hostname = $"host{number % 3}" }],
        Image = run.Image with { Reference = $"image{number % 2}" },
    });

    private CatalogTally Count(RecordScope scope, CatalogTally? before)
    {
        using var finder = RecordFinder.Open(_archive.Blobs, SampleArchive.Sync, scope);
        return finder.Tally(before);
    }

    private static void AssertSame(CatalogTally expected, CatalogTally actual)
    {
        Assert.Equal(Enum.GetValues<RecordKind>().Select(expected.Count), Enum.GetValues<RecordKind>().Select(actual.Count));
        Assert.Equal(expected.Signers, actual.Signers);
        Assert.Equivalent(expected.Facets(100), actual.Facets(100), strict: true);
    }
}
