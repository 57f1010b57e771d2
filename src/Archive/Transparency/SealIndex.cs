using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Archive.Transparency;

/// <summary>Which of some seals list a record, and which are over which: found by what is in them, whatever archive they are of.</summary>
internal sealed class SealIndex
{
    private readonly Dictionary<ulong, List<(IndexedSeal Seal, long At)>> _entries = [];
    private readonly ILookup<(string Sums, string Token), IndexedSeal> _after;

    /// <param name="places">Of the same seals in the same order everything is found in one order.</param>
    /// <param name="later">Those that list none of the records asked for, and may be over one that does.</param>
    public SealIndex(IEnumerable<SealPlace> places, IEnumerable<SealPlace>? later = null)
    {
        var seals = places.Select(place => TryAdd(place, withEntries: true)).ToList();
        Damaged = seals.Count(seal => seal is null);
        seals.AddRange((later ?? []).Select(place => TryAdd(place, withEntries: false)));
        _after = seals.OfType<IndexedSeal>().SelectMany(seal => seal.Content.Over.Select(over => (over, seal))).ToLookup(one => one.over, one => one.seal);
    }

    /// <summary>Seals that could not be read, or are of another form: fsck tells which.</summary>
    public int Damaged { get; }

    /// <summary>Those that list the record with this signature.</summary>
    public IReadOnlyList<IndexedSeal> Listing(LogLeaf leaf)
    {
        byte[] entry = SealContent.EntryOf(leaf);
        return !_entries.TryGetValue(SealContent.KeyOf(entry), out var found)
            ? []
            : [.. found.Where(one => IsThere(one.Seal.Place.SumsPath, one.At, entry)).Select(one => one.Seal).Distinct()];
    }

    /// <summary>Those that are over it.</summary>
    public IEnumerable<IndexedSeal> After(IndexedSeal seal) => _after[(seal.SumsSha512, seal.TokenSha512)];

    private IndexedSeal? TryAdd(SealPlace place, bool withEntries)
    {
        try
        {
            byte[] sums = place.ReadSums();
            byte[] token = place.ReadToken();
            var seal = new IndexedSeal(
                place, SealContent.Parse(sums), Convert.ToHexStringLower(SHA512.HashData(sums)), Convert.ToHexStringLower(SHA512.HashData(token)));
            for (int number = 0; withEntries && number < seal.Content.Entries; number++)
            {
                int at = number * SealContent.EntryBytes;
                ulong key = SealContent.KeyOf(sums.AsSpan(at, SealContent.EntryBytes));
                if (!_entries.TryGetValue(key, out var found))
                {
                    _entries.Add(key, found = []);
                }

                found.Add((seal, at));
            }

            return seal;
        }
        catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsThere(string path, long at, byte[] entry)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            byte[] found = new byte[entry.Length];
            return RandomAccess.Read(file, found, at) == found.Length && found.AsSpan().SequenceEqual(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
