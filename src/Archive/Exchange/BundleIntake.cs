using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>Reads the files of a bundle one after the other, in constant memory but for what it keeps of each name.</summary>
/// <param name="source">To be read once.</param>
/// <param name="limits">What it may ask of us.</param>
internal sealed class BundleIntake(BundleSource source, BundleLimits limits)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, Descriptor> _blobs = [];
    private readonly Dictionary<Digest, byte[]> _proofs = [];
    private readonly Dictionary<Digest, byte[]> _origins = [];
    private readonly Dictionary<Digest, byte[]> _sealSums = [];
    private readonly Dictionary<Digest, byte[]> _sealTokens = [];
    private byte[]? _index;
    private long _blobBytes;
    private long _proofsBytes;
    private long _sealsBytes;

    /// <param name="begin">Told of the manifest and its bytes before anything else is read; gives where blobs go.</param>
    /// <param name="read">Told of bytes of blobs as they are read.</param>
    /// <exception cref="ArchiveException">A file is none of a bundle's, stands there twice, or is not what its name says.</exception>
    public ArrivedBundle Read(Func<BundleManifest, byte[], ArrivingBlobs> begin, Action<int> read)
    {
        BundleManifest? manifest = null;
        ArrivingBlobs? arriving = null;
        foreach (var entry in source.Entries())
        {
            var (part, digest) = BundleNames.Parse(entry.Name);
            Count(entry);
            if (manifest is null)
            {
                byte[] bytes = part == BundlePart.Manifest
                    ? SmallEntry.Read(entry, limits.MaxDocumentBytes)
                    : throw BundleNames.Refused(entry.Name, $"stands before '{BundleNames.Manifest}'; unpack it, and import the folder");
                manifest = BundleManifest.Parse(bytes);
                arriving = begin(manifest, bytes);
            }
            else if (part == BundlePart.Blob)
            {
                Reserve(manifest, entry);
                _blobs.Add(digest!, arriving!.Take(digest!, entry, read));
            }
            else
            {
                ReadDocument(part, digest, entry);
            }
        }

        arriving?.Settle();
        return new ArrivedBundle
        {
            Manifest = manifest ?? throw new BundleException($"has no '{BundleNames.Manifest}'"),
            Blobs = _blobs,
            Index = _index,
            Proofs = _proofs,
            Origins = _origins,
            SealSums = _sealSums,
            SealTokens = _sealTokens,
        };
    }

    private void Count(BundleEntry entry)
    {
        if (!_seen.Add(entry.Name))
        {
            throw BundleNames.Refused(entry.Name, "stands there twice");
        }

        if (_seen.Count > limits.MaxEntries)
        {
            throw new BundleException($"has more than {limits.MaxEntries.ToString(CultureInfo.InvariantCulture)} files");
        }
    }

    /// <summary>No more is written than was announced, and than there was found to be room for.</summary>
    private void Reserve(BundleManifest manifest, BundleEntry entry)
    {
        _blobBytes += entry.Size;
        if (_blobBytes > manifest.BlobBytes || _blobs.Count >= manifest.BlobCount)
        {
            throw BundleNames.Refused(
                entry.Name, $"is more than '{BundleNames.Manifest}' announces: {manifest.BlobCount} blobs of {manifest.BlobBytes} bytes");
        }
    }

    private void ReadDocument(BundlePart part, Digest? digest, BundleEntry entry)
    {
        switch (part)
        {
            case BundlePart.Index:
                _index = SmallEntry.Read(entry, (int)ImportLimits.Default.MaxJsonBytes);
                break;
            case BundlePart.Proof:
                _proofs.Add(digest!, ReadProof(entry));
                break;
            case BundlePart.Origin:
                _origins.Add(digest!, ReadProof(entry));
                break;
            case BundlePart.SealSums:
                _sealSums.Add(digest!, ReadSums(entry));
                break;
            case BundlePart.SealToken:
                _sealTokens.Add(digest!, _sealTokens.Count < CarriedSeal.MaxSeals
                    ? SmallEntry.Read(entry, TimestampToken.MaxBytes)
                    : throw new BundleException($"has more than {CarriedSeal.MaxSeals} seals"));
                break;
            default:
                // Read to its end so that what is around it, a bag or a compressed stream, can prove it; nothing is believed of it.
                if (entry.Size > limits.MaxDocumentBytes)
                {
                    throw BundleNames.Refused(entry.Name, $"has {entry.Size} bytes, at most {limits.MaxDocumentBytes} are allowed");
                }

                entry.Content.CopyTo(Stream.Null);
                break;
        }
    }

    private byte[] ReadSums(BundleEntry entry)
    {
        _sealsBytes += entry.Size;
        return _sealsBytes <= limits.MaxSealsBytes
            ? SmallEntry.Read(entry, CarriedSeal.MaxSumsBytes)
            : throw new BundleException($"has seals of more than {limits.MaxSealsBytes.ToString(CultureInfo.InvariantCulture)} bytes together");
    }

    private byte[] ReadProof(BundleEntry entry)
    {
        _proofsBytes += entry.Size;
        return _proofsBytes <= limits.MaxProofsBytes
            ? SmallEntry.Read(entry, limits.MaxProofBytes)
            : throw new BundleException($"has proofs of more than {limits.MaxProofsBytes.ToString(CultureInfo.InvariantCulture)} bytes together");
    }
}
