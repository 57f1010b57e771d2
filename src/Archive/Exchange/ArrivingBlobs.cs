using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Exchange;

/// <summary>The blobs of a bundle while it is read: each proved and durable, under no name of the archive until all of the bundle is found good.</summary>
/// <remarks>
/// They lie in a small archive of their own below <c>tmp/</c>, named for the bundle, on the same disk: taking them over is renaming. When the
/// process ends before that, they stay, and the next import of the same bundle writes only what is missing. gc removes what nobody came back for.
/// </remarks>
internal sealed class ArrivingBlobs : IDisposable
{
    private const int BatchBlobs = 32;
    private const long BatchBytes = 64 << 20;
    private const int BufferBytes = 1 << 17;

    private readonly BlobStore _home;
    private readonly BlobStore _arrived;
    private readonly ArchiveLock _lock;
    private readonly BlobBatch _batch;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _waiting;
    private long _waitingBytes;

    /// <param name="home">The archive.</param>
    /// <param name="manifest">Digest of the bundle's manifest.</param>
    /// <param name="sync">Makes names durable.</param>
    /// <exception cref="BundleException">Another process is about the same bundle.</exception>
    public ArrivingBlobs(BlobStore home, Digest manifest, FolderSync sync)
    {
        _home = home;
        var layout = new StoreLayout(home.Layout.ArrivalPath(manifest));
        _lock = ArchiveLock.TryTake(layout) ?? throw new BundleException("is being taken in by another process");
        _arrived = new BlobStore(layout, sync);
        _batch = new BlobBatch(_arrived);
    }

    /// <summary>Blobs that were neither in the archive nor here.</summary>
    public int Written { get; private set; }

    /// <summary>Sum of their sizes, in bytes.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Reads a blob to its end. What the archive has already is read, and proved, and not written.</summary>
    /// <param name="digest">What its name says.</param>
    /// <param name="entry">Where it stands in the bundle.</param>
    /// <param name="read">Told of bytes as they are read; may throw.</param>
    /// <exception cref="BundleException">Its content is not what its name says.</exception>
    /// <exception cref="QuotaException">There is no room for it on the disk.</exception>
    public Descriptor Take(Digest digest, BundleEntry entry, Action<int> read)
    {
        bool isHere = _home.TryRelyOn(digest) || _arrived.Contains(digest);
        Descriptor actual;
        if (isHere)
        {
            using var described = new DescriptorStream(MediaTypes.OctetStream);
            Copy(entry.Content, described, read);
            actual = described.Finish();
        }
        else
        {
            RequireRoom(entry);
            var blob = _batch.Create(MediaTypes.OctetStream);
            Copy(entry.Content, blob, read);
            actual = blob.Seal();
        }

        if (actual.Digest != digest)
        {
            throw BundleNames.Refused(entry.Name, $"content has digest '{actual.Digest}'");
        }

        if (!isHere)
        {
            Count(actual.Size);
        }

        return actual;
    }

    /// <summary>Makes durable, here, what was taken so far.</summary>
    public void Settle()
    {
        _batch.Commit();
        _waiting = 0;
        _waitingBytes = 0;
    }

    /// <summary>The store that has a blob, once all is settled.</summary>
    public BlobStore HolderOf(Digest digest) => _arrived.Contains(digest) ? _arrived : _home;

    /// <summary>Takes the blobs over into the archive, and makes their names durable.</summary>
    public void MoveHome(IEnumerable<Digest> blobs)
    {
        Directory.CreateDirectory(_home.Layout.Blobs);
        foreach (var digest in blobs)
        {
            _home.Adopt(_arrived, digest);
        }

        _home.SyncNames();
        Discard();
    }

    /// <summary>Removes what has arrived: it is in the archive, or must never come there.</summary>
    public void Discard()
    {
        _batch.Dispose();
        if (Directory.Exists(_arrived.Layout.Root))
        {
            Directory.Delete(_arrived.Layout.Root, recursive: true);
        }
    }

    public void Dispose()
    {
        _batch.Dispose();
        _lock.Dispose();
    }

    /// <summary>Looked at for each blob: what of the bundle is here already, and takes no room, is not known beforehand.</summary>
    private void RequireRoom(BundleEntry entry)
    {
        long free = ArchiveQuota.FreeBytes(_home.Layout);
        if (entry.Size > free)
        {
            throw new QuotaException(
                $"archive '{_home.Layout.Root}': {ByteSize.Text(free)} are free on its disk, and the next blob has {ByteSize.Text(entry.Size)}");
        }
    }

    private void Count(long size)
    {
        Written++;
        WrittenBytes += size;
        _waiting++;
        _waitingBytes += size;
        if (_waiting >= BatchBlobs || _waitingBytes >= BatchBytes)
        {
            Settle();
        }
    }

    private void Copy(Stream from, Stream to, Action<int> read)
    {
        int count;
        while ((count = from.Read(_buffer)) > 0)
        {
            read(count);
            to.Write(_buffer.AsSpan(0, count));
        }
    }
}
