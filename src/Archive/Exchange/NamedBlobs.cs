using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>Collects what records name: on export what goes into a bundle, on import what must be in it.</summary>
/// <param name="open">Opens a list of files; it must prove itself as it is read.</param>
internal sealed class NamedBlobs(Func<Descriptor, Stream> open)
{
    private readonly Dictionary<Digest, NamedBlob> _all = [];

    public IReadOnlyDictionary<Digest, NamedBlob> All => _all;

    /// <exception cref="BundleException">Two records say different things of one blob.</exception>
    /// <exception cref="ArchiveException">A list of files cannot be read.</exception>
    public void Add(BundledRecord bundled, object predicate)
    {
        var record = bundled.Record.Digest;
        Name(record, bundled.Record, MediaTypes.Statement);
        Name(record, bundled.Signature, MediaTypes.CmsSignature);
        var contents = RecordBlobs.ContentsOf(predicate).Select(blob => blob.Digest).ToHashSet();
        var layers = predicate is ImageRecord image ? image.Layers.Select(layer => layer.Blob.Digest).ToHashSet() : [];
        foreach (var blob in RecordBlobs.Of(predicate))
        {
            Name(record, blob, layers.Contains(blob.Digest) ? NamedAs.Layer : contents.Contains(blob.Digest) ? NamedAs.Content : NamedAs.Part);
        }

        if (predicate is RunRecord run)
        {
            Kept(record, run.Used, lines => RecordLines.ReadUsed(lines).Select(file => (file.Kept, file.Digest, file.Size)));
            Kept(record, run.Generated, lines => RecordLines.ReadGenerated(lines).Select(file => (file.Kept, file.Digest, file.Size)));
        }
    }

    private void Kept(Digest record, FileList list, Func<Stream, IEnumerable<(bool Kept, DigestSet? Digest, long Size)>> read)
    {
        if (list.Blob is null)
        {
            return;
        }

        using var lines = open(list.Blob);
        foreach (var file in read(lines).Where(file => file.Kept))
        {
            Name(record, DescriptorOf(record, file.Digest, file.Size), NamedAs.Content);
        }
    }

    private static Descriptor DescriptorOf(Digest record, DigestSet? digest, long size) => new()
    {
        MediaType = MediaTypes.OctetStream,
        Digest = Digest.TryParseHex(digest?.Sha256, out var sha256)
            ? sha256
            : throw new BundleException($"run '{record.Abbreviated}': says of a file without a digest that it is kept"),
        Size = size,
        Sha512 = digest.Sha512,
    };

    private void Name(Digest record, LeafBlob blob, string mediaType) => Name(record, blob.ToDescriptor(mediaType), NamedAs.Part);

    private void Name(Digest record, Descriptor blob, NamedAs named)
    {
        if (!_all.TryGetValue(blob.Digest, out var known))
        {
            if (_all.Count == BundleLimits.Default.MaxEntries)
            {
                throw new BundleException($"record '{record.Abbreviated}': with the others it names more than {_all.Count} blobs");
            }

            _all.Add(blob.Digest, new NamedBlob(blob, named, record));
            return;
        }

        bool agrees = known.Blob.Size == blob.Size
            && (known.Blob.Sha512 is null || blob.Sha512 is null || known.Blob.Sha512 == blob.Sha512);
        _all[blob.Digest] = agrees
            ? known with { As = known.As | named, Blob = known.Blob with { Sha512 = known.Blob.Sha512 ?? blob.Sha512 } }
            : throw new BundleException(
                $"blob '{blob.Digest}': records '{known.By.Abbreviated}' and '{record.Abbreviated}' name it with another size or SHA-512");
    }
}
