using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;

namespace Provenance.Web.Reading;

/// <summary>
/// An archive in numbers. Counting a million runs takes seconds: it is done once. What has come since is counted at most once a minute, and beside the
/// requests. Only where somebody may no longer read what he could, it is counted before he is answered.
/// </summary>
internal sealed class Census(Shelf shelf, TimeProvider time)
{
    private const int FacetValues = 20;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private readonly Lock _counting = new();
    private volatile Counted? _last;
    private int _isCounting;

    public Numbers Now()
    {
        var scope = shelf.Scope;
        if (_last is not { } last || !last.IsFor(scope))
        {
            lock (_counting)
            {
                last = _last is { } other && other.IsFor(scope) ? other : _last = Count();
                return last.Numbers;
            }
        }

        if (IsOld(last.Numbers) && Interlocked.Exchange(ref _isCounting, 1) == 0)
        {
            _ = Task.Run(Recount);
        }

        return last.Numbers;
    }

    private bool IsOld(Numbers numbers) => numbers.Stamp != shelf.Stamp && time.GetUtcNow() - numbers.CountedAt > Lifetime;

    private void Recount()
    {
        try
        {
            lock (_counting)
            {
                _last = Count();
            }
        }
        finally
        {
            _isCounting = 0;
        }
    }

    private Counted Count()
    {
        var stamp = shelf.Stamp;
        using var reader = shelf.Open();
        // Made anew, a catalog may hold what it could not before.
        var made = File.GetCreationTimeUtc(shelf.Blobs.Layout.CatalogDatabase);
        var tally = reader.Finder.Tally(_last is { } last && last.Made == made ? last.Tally : null);
        var numbers = new Numbers
        {
            Stamp = stamp,
            CountedAt = time.GetUtcNow(),
            Runs = tally.Count(RecordKind.Run),
            Images = tally.Count(RecordKind.Image),
            Replays = tally.Count(RecordKind.Replay),
            Endorsements = tally.Count(RecordKind.Endorsement),
            Citations = tally.Count(RecordKind.Citation),
            Facets = tally.Facets(FacetValues),
            Signers = tally.Signers,
        };
        return new Counted(numbers, tally, made, reader.Scope);
    }

    private sealed class Counted(Numbers numbers, CatalogTally tally, DateTime made, RecordScope scope)
    {
        private volatile RecordScope _scope = scope;

        public Numbers Numbers { get; } = numbers;

        public CatalogTally Tally { get; } = tally;

        /// <summary>When the catalog's file was made.</summary>
        public DateTime Made { get; } = made;

        /// <summary>Whether it was counted for whom may see just this. Compared once for each change of the archive.</summary>
        public bool IsFor(RecordScope scope)
        {
            if (ReferenceEquals(scope, _scope))
            {
                return true;
            }

            bool isSame = _scope.ShowsSameAs(scope);
            _scope = isSame ? scope : _scope;
            return isSame;
        }
    }
}
