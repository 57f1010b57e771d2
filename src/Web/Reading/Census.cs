using Provenance.Archive.Records;

namespace Provenance.Web.Reading;

/// <summary>An archive in numbers. Counting a million runs takes seconds: it is done at most once a minute, and beside the requests after the first.</summary>
internal sealed class Census(Shelf shelf, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private readonly Lock _counting = new();
    private volatile Numbers? _last;
    private int _isCounting;

    public Numbers Now()
    {
        var last = _last;
        if (last is null)
        {
            lock (_counting)
            {
                return _last ??= Count();
            }
        }

        if (IsOld(last) && Interlocked.Exchange(ref _isCounting, 1) == 0)
        {
            _ = Task.Run(Recount);
        }

        return last;
    }

    private bool IsOld(Numbers numbers) => numbers.Stamp != shelf.Stamp && time.GetUtcNow() - numbers.CountedAt > Lifetime;

    private void Recount()
    {
        try
        {
            _last = Count();
        }
        finally
        {
            _isCounting = 0;
        }
    }

    private Numbers Count()
    {
        var stamp = shelf.Stamp;
        using var reader = shelf.Open();
        var finder = reader.Finder;
        return new Numbers
        {
            Stamp = stamp,
            CountedAt = time.GetUtcNow(),
            Runs = finder.Count(RecordKind.Run),
            Images = finder.Count(RecordKind.Image),
            Replays = finder.Count(RecordKind.Replay),
            Endorsements = finder.Count(RecordKind.Endorsement),
            Citations = finder.Count(RecordKind.Citation),
            Facets = finder.Facets(),
        };
    }
}
