using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>Chooses the seals that go along with records: those that list them, and those over these, this archive's and those it keeps of others.</summary>
/// <remarks>
/// A token is over all lines of its seal, so that a seal goes along as a whole: there is no tree of hashes of which a part would do (RFC 4998 §4.2).
/// One that is damaged is left out, and so is what no longer fits. What lists a record comes first: it proves a time without the later ones.
/// </remarks>
internal sealed class SealPlanner(StoreLayout layout)
{
    private readonly Dictionary<Digest, PackedSeal> _chosen = [];
    private long _bytes;

    /// <summary>Seals that would belong to them and do not go along.</summary>
    public int LeftOut { get; private set; }

    /// <param name="records">With their places in the log, null where they wait.</param>
    /// <returns>In order of name.</returns>
    public IReadOnlyList<PackedSeal> Choose(IEnumerable<(LogLeaf Leaf, long? Index)> records)
    {
        var all = records.ToList();
        long from = all.Select(record => record.Index ?? long.MaxValue).DefaultIfEmpty(long.MaxValue).Min();
        var own = Seal.Folders(layout).ToLookup(seal => seal.Size > from, seal => new SealPlace(seal.Folder));
        SealPlace[] carried = [.. new OriginSeals(layout, static _ => { }).Places];

        // A seal from before the records may be over one that lists them: one of another archive, which came along with another record.
        var index = new SealIndex([.. own[true], .. carried], carried.Length == 0 ? [] : own[false]);
        LeftOut = index.Damaged;
        var waiting = new Queue<IndexedSeal>(all.SelectMany(record => index.Listing(record.Leaf)).Distinct());
        while (waiting.TryDequeue(out var seal))
        {
            if (TryTake(seal.Place))
            {
                foreach (var next in index.After(seal))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return [.. _chosen.OrderBy(seal => seal.Key.Hex, StringComparer.Ordinal).Select(seal => seal.Value)];
    }

    private bool TryTake(SealPlace place)
    {
        try
        {
            var seal = CarriedSeal.Parse(place.ReadSums(), place.ReadToken());
            if (_chosen.ContainsKey(seal.Name))
            {
                return true;
            }

            if (_chosen.Count < CarriedSeal.MaxSeals && _bytes + seal.Sums.Length <= CarriedSeal.MaxSumsBytes)
            {
                _bytes += seal.Sums.Length;
                var listed = new BundledSeal { Sums = LeafBlob.Of(seal.Sums.Span), Token = LeafBlob.Of(seal.Token.Span) };
                _chosen.Add(seal.Name, new PackedSeal(listed, place));
                return true;
            }
        }
        catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
        {
            // It is left out: fsck tells what is the matter with it.
        }

        LeftOut++;
        return false;
    }
}
