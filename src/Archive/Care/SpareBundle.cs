using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>A bundle, packed or unpacked. It is read anew for each round of repair, from its beginning to its end.</summary>
internal sealed class SpareBundle(string name) : ISpareSource
{
    public string Name => name;

    public StoreLayout? Layout => null;

    public void Give(IReadOnlyDictionary<Digest, Descriptor> wanted, Action<Descriptor, Stream> take)
    {
        using var source = BundleSource.Open(name);
        foreach (var entry in source.Entries())
        {
            var (part, digest) = BundleNames.Parse(entry.Name);
            if (part == BundlePart.Blob && wanted.TryGetValue(digest!, out var blob) && entry.Size == blob.Size)
            {
                take(blob, entry.Content);
            }
            else
            {
                // To its end, so that what is around it can prove itself.
                entry.Content.CopyTo(Stream.Null);
            }
        }
    }

    public IEnumerable<LogLeaf> Leaves()
    {
        using var source = BundleSource.Open(name);
        var first = source.Entries().First();
        var manifest = BundleNames.Parse(first.Name).Part == BundlePart.Manifest
            ? BundleManifest.Parse(SmallEntry.Read(first, BundleLimits.Default.MaxDocumentBytes))
            : throw BundleNames.Refused(first.Name, $"stands before '{BundleNames.Manifest}'");
        return [.. manifest.Records.Select(record => new LogLeaf { Kind = record.Kind, Record = record.Record, Signature = record.Signature })];
    }
}
