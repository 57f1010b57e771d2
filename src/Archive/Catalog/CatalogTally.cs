using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>How many there are of everything, for somebody, up to a place in the log. The log only grows: to count again is to count what came since.</summary>
public sealed class CatalogTally
{
    private readonly Dictionary<string, long> _kinds, _images, _hosts, _processors, _programs, _months, _verdicts;
    private readonly Dictionary<Digest, SignerCount> _signers;
    private IReadOnlyList<long> _curtained;

    private CatalogTally(CatalogTally? before)
    {
        LogSize = before?.LogSize ?? 0;
        _kinds = Copy(before?._kinds);
        _images = Copy(before?._images);
        _hosts = Copy(before?._hosts);
        _processors = Copy(before?._processors);
        _programs = Copy(before?._programs);
        _months = Copy(before?._months);
        _verdicts = Copy(before?._verdicts);
        _signers = before is null ? [] : new Dictionary<Digest, SignerCount>(before._signers);
        _curtained = before?._curtained ?? [];
        Stored = this;
    }

    /// <summary>Entries of the log that are counted.</summary>
    public long LogSize { get; private set; }

    /// <summary>The same without what is not in the catalog on disk yet: what can be counted on from.</summary>
    public CatalogTally Stored { get; private init; }

    /// <summary>Everybody who signed, those first who signed most.</summary>
    public IReadOnlyList<SignerCount> Signers =>
        [.. _signers.Values.OrderByDescending(signer => signer.Records).ThenBy(signer => signer.Certificate.Hex, StringComparer.Ordinal)];

    /// <summary>Records of a kind.</summary>
    public long Count(RecordKind kind) => _kinds.GetValueOrDefault(StatementTypes.NameOf(kind));

    /// <param name="limit">Values of each kind, at most.</param>
    public CatalogFacets Facets(int limit) => new()
    {
        Images = Most(_images, limit),
        Hosts = Most(_hosts, limit),
        Processors = Most(_processors, limit),
        Programs = Most(_programs, limit),
        Signers = [.. Signers.Where(signer => signer.Runs > 0).OrderByDescending(signer => signer.Runs).Take(limit)],
        Months = [.. _months.OrderByDescending(month => month.Key, StringComparer.Ordinal).Select(Value)],
        Verdicts = Most(_verdicts, limit),
    };

    /// <param name="catalog">Null when there is none.</param>
    /// <param name="before">Of the same catalog; null to count all.</param>
    internal static CatalogTally Of(CatalogReader? catalog, CatalogTally? before)
    {
        var tally = new CatalogTally(before?.Stored);
        catalog?.InOneState(() =>
        {
            long size = catalog.LogSize();
            // Put back from a backup, or something that was counted may no longer be seen, or something else: all of it is counted.
            bool goesOn = size >= tally.LogSize && tally._curtained.SequenceEqual(catalog.Curtained(tally.LogSize));
            tally = goesOn ? tally : new CatalogTally(null);
            tally.Add(catalog, tally.LogSize);
            tally.LogSize = size;
            tally._curtained = catalog.Curtained(size);
        });
        return tally;
    }

    /// <summary>With another catalog besides.</summary>
    internal CatalogTally And(CatalogReader catalog)
    {
        var both = new CatalogTally(this) { Stored = this };
        both.Add(catalog, 0);
        return both;
    }

    private void Add(CatalogReader catalog, long from)
    {
        Add(_kinds, catalog.CountKinds(from));
        Add(_images, catalog.CountImages(from));
        Add(_hosts, catalog.CountHosts(from));
        Add(_processors, catalog.CountProcessors(from));
        Add(_programs, catalog.CountPrograms(from));
        Add(_months, catalog.CountMonths(from));
        Add(_verdicts, catalog.CountVerdicts(from));
        foreach (var signer in catalog.CountSigners(from))
        {
            _signers[signer.Certificate] = _signers.TryGetValue(signer.Certificate, out var known) ? known.And(signer) : signer;
        }
    }

    private static void Add(Dictionary<string, long> counts, IEnumerable<ValueCount> more)
    {
        foreach (var value in more)
        {
            counts[value.Value] = counts.GetValueOrDefault(value.Value) + value.Count;
        }
    }

    private static Dictionary<string, long> Copy(Dictionary<string, long>? counts) =>
        counts is null ? new(StringComparer.Ordinal) : new(counts, StringComparer.Ordinal);

    private static List<ValueCount> Most(Dictionary<string, long> counts, int limit) =>
        [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(limit).Select(Value)];

    private static ValueCount Value(KeyValuePair<string, long> pair) => new() { Value = pair.Key, Count = pair.Value };
}
