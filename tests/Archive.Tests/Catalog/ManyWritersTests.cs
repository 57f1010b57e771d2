using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

public sealed class ManyWritersTests : IDisposable
{
    private const int Writers = 8;
    private const int RecordsEach = 50;

    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public async Task Eight_writers_at_once_lose_nothing_and_double_nothing()
    {
        var accepted = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(writer), TestContext.Current.CancellationToken)));

        // Whoever was told that another had the lock may rely on that other: nobody has to come after.
        var records = accepted.SelectMany(each => each).Select(record => record.Hex).Order().ToList();
        Assert.Equal(records, _archive.Logged().Order());
        Assert.Equal(Writers * RecordsEach, records.Distinct().Count());
        Assert.Empty(Directory.EnumerateFiles(_archive.Layout.Incoming));
        using var finder = _archive.Finder();
        Assert.Equal(Writers * RecordsEach, finder.Count(RecordKind.Run));
        Assert.Equal(Writers * RecordsEach, finder.Runs(new RunQuery { Limit = 1000 }).Count);
        Assert.True(new Fsck(_archive.Blobs, SampleArchive.Sync).Check(progress: null, CancellationToken.None).IsSound);
    }

    [Fact]
    public async Task Readers_see_every_acknowledged_record_at_any_moment()
    {
        using var done = new CancellationTokenSource();
        var last = new Digest?[1];
        var reader = Task.Run(() => Look(last, done.Token), TestContext.Current.CancellationToken);
        for (int number = 0; number < RecordsEach; number++)
        {
            Volatile.Write(ref last[0], _archive.Accept(number));
        }

        await done.CancelAsync();
        await reader;
    }

    private void Look(Digest?[] last, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            if (Volatile.Read(ref last[0]) is { } acknowledged)
            {
                using var finder = _archive.Finder();
                Assert.NotNull(finder.FindRun(acknowledged));
            }
        }
    }

    private List<Digest> Write(int writer)
    {
        var records = new List<Digest>();
        for (int number = 0; number < RecordsEach; number++)
        {
            records.Add(_archive.Accept((writer * RecordsEach) + number));
        }

        return records;
    }
}
