using System.Collections.Concurrent;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Web.Reading;

/// <summary>An archive that many requests read at once. A catalog is opened once and lent out, until the archive has changed.</summary>
internal sealed class Shelf(StoreLayout layout, FolderSync sync) : IDisposable
{
    /// <summary>Catalogs kept open for the next request.</summary>
    private const int MostIdle = 16;

    private readonly ConcurrentBag<Lent> _idle = [];

    public BlobStore Blobs { get; } = new(layout, sync);

    public ArchiveStamp Stamp => ArchiveStamp.Read(layout);

    /// <summary>The archive as it is now, for one request, which gives it back by disposing of it.</summary>
    public Reader Open()
    {
        var stamp = Stamp;
        while (_idle.TryTake(out var idle))
        {
            if (idle.Stamp == stamp)
            {
                return new Reader(this, idle, sync);
            }

            idle.Finder.Dispose();
        }

        return new Reader(this, new Lent(RecordFinder.Open(Blobs, sync), stamp), sync);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var idle))
        {
            idle.Finder.Dispose();
        }
    }

    internal void GiveBack(Lent lent)
    {
        if (_idle.Count < MostIdle)
        {
            _idle.Add(lent);
        }
        else
        {
            lent.Finder.Dispose();
        }
    }

    /// <param name="Finder">Of one request at a time.</param>
    /// <param name="Stamp">Of the archive when it was opened.</param>
    internal sealed record Lent(RecordFinder Finder, ArchiveStamp Stamp);
}
