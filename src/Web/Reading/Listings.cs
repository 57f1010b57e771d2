using System.Collections.Concurrent;
using Provenance.Archive.Content;

namespace Provenance.Web.Reading;

/// <summary>What runs read and made, as their pages show it. A list may have a hundred thousand lines: it is read once, until the archive changes.</summary>
internal sealed class Listings(Shelf shelf)
{
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<Digest, RunListing> _known = new();

    /// <param name="run">The record.</param>
    /// <param name="read">Reads its lists.</param>
    public RunListing Of(Digest run, Func<ArchiveStamp, RunListing> read)
    {
        var stamp = shelf.Stamp;
        if (_known.TryGetValue(run, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        var listing = read(stamp);
        if (_known.Count >= MostKept)
        {
            _known.Clear();
        }

        _known[run] = listing;
        return listing;
    }
}
