using System.Collections.Concurrent;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Web.Reading;

/// <summary>
/// An archive as somebody may read it, for many requests at once. A catalog is opened once and lent out, until the archive has changed, or what he
/// may read of it.
/// </summary>
/// <param name="layout">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="time">By which something becomes public.</param>
/// <param name="audience">Who reads.</param>
/// <param name="turns">Shared by all who read.</param>
internal sealed class Shelf(StoreLayout layout, FolderSync sync, TimeProvider time, Audience audience, Turns turns)
{
    /// <summary>Catalogs kept open for the next request.</summary>
    private static readonly int MostIdle = Math.Min(Turns.Most, 32);

    private readonly ConcurrentBag<Lent> _idle = [];
    private readonly ReadableBlobs _readable = new(layout, sync, time, audience);
    private readonly Lock _lock = new();
    private (ArchiveStamp Stamp, RecordScope Scope, ImageNames Images)? _known;
    private volatile bool _isClosed;

    public BlobStore Blobs { get; } = new(layout, sync);

    /// <summary>Changes whenever the archive does, or what may be read of it.</summary>
    public ArchiveStamp Stamp => Now().Stamp;

    /// <summary>What may be read of it.</summary>
    public RecordScope Scope => Now().Scope;

    /// <summary>The archive as it is now, for one request, which gives it back by disposing of it.</summary>
    public Reader Open()
    {
        bool hasTurn = turns.Take();
        try
        {
            return Open(hasTurn);
        }
        catch when (hasTurn)
        {
            turns.GiveBack();
            throw;
        }
    }

    private Reader Open(bool hasTurn)
    {
        var (stamp, scope, images) = Now();
        while (_idle.TryTake(out var idle))
        {
            if (idle.Stamp == stamp)
            {
                return new Reader(this, idle, images, hasTurn);
            }

            idle.Finder.Dispose();
        }

        return new Reader(this, new Lent(RecordFinder.Open(Blobs, sync, scope), stamp, scope), images, hasTurn);
    }

    /// <summary>Whether a blob is here, and part of something that may be read.</summary>
    public bool Has(Digest blob)
    {
        bool isHere = Blobs.Contains(blob);
        if (Now().Scope.IsEverything)
        {
            return isHere;
        }

        // Also of what is not here: what is hidden must not take longer.
        using var reader = Open();
        bool may = _readable.May(reader, blob);
        return isHere && may;
    }

    /// <summary>Closes what is not lent, and what is lent when it comes back.</summary>
    public void Close()
    {
        _isClosed = true;
        while (_idle.TryTake(out var idle))
        {
            idle.Finder.Dispose();
        }
    }

    internal void GiveBack(Lent lent, bool hasTurn)
    {
        if (_idle.Count < MostIdle && !_isClosed)
        {
            _idle.Add(lent);
        }
        else
        {
            lent.Finder.Dispose();
        }

        if (hasTurn)
        {
            turns.GiveBack();
        }
    }

    private (ArchiveStamp Stamp, RecordScope Scope, ImageNames Images) Now()
    {
        var stamp = ArchiveStamp.Read(layout);
        lock (_lock)
        {
            if (_known is not { } known || known.Stamp.Archive != stamp.Archive || time.GetUtcNow() >= known.Scope.ValidUntil)
            {
                var scope = audience.ScopeIn(Blobs, sync, time);
                _known = known = (stamp.For(audience, scope), scope, new ImageNames(layout, Blobs, sync) { Remembers = true });
            }

            return known;
        }
    }

    /// <param name="Finder">Of one request at a time.</param>
    /// <param name="Stamp">Of the archive when it was opened.</param>
    /// <param name="Scope">What it shows.</param>
    internal sealed record Lent(RecordFinder Finder, ArchiveStamp Stamp, RecordScope Scope);
}
