using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Distribution;

/// <summary>Blobs while they are fetched from a registry: each proved, under no name of the archive until all is found good.</summary>
/// <remarks>
/// They lie in a folder below <c>tmp/</c>, named for the manifest that was asked for. When the process ends, whole blobs stay, and of the one that
/// was coming what had come; the next that asks for the same goes on there. gc removes what nobody came back for.
/// </remarks>
internal sealed class FetchedBlobs : IDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly BlobStore _home;
    private readonly BlobStore _fetched;
    private readonly ArchiveLock _lock;
    private readonly RegistryClient _client;
    private readonly RegistryReference _repository;
    private readonly Action<long>? _read;

    /// <param name="home">The archive.</param>
    /// <param name="client">Asks.</param>
    /// <param name="repository">Where.</param>
    /// <param name="top">The manifest that was asked for.</param>
    /// <param name="read">Told of bytes as they come.</param>
    /// <exception cref="RegistryException">Another process fetches the same.</exception>
    public FetchedBlobs(BlobStore home, RegistryClient client, RegistryReference repository, Digest top, Action<long>? read)
    {
        (_home, _client, _repository, _read) = (home, client, repository, read);
        var layout = new StoreLayout(home.Layout.ArrivalPath(top));
        _lock = ArchiveLock.TryTake(layout) ?? throw new RegistryException($"'{repository}'", "is being fetched by another process");
        _fetched = new BlobStore(layout, static _ => { });
    }

    /// <summary>Blobs that had to come, or the rest of them.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether nothing need be fetched for it.</summary>
    public bool Has(Digest blob) => _home.Contains(blob) || _fetched.Contains(blob);

    /// <summary>Reading it to the end proves it.</summary>
    public Stream Open(Descriptor blob, CancellationToken cancellation)
    {
        Fetch(blob, cancellation);
        return (_home.Contains(blob.Digest) ? _home : _fetched).Open(blob);
    }

    /// <exception cref="RegistryException">It is not what its descriptor says, or does not come.</exception>
    /// <exception cref="QuotaException">There is no room for it on the disk.</exception>
    public void Fetch(Descriptor blob, CancellationToken cancellation)
    {
        if (Has(blob.Digest))
        {
            return;
        }

        RequireRoom(blob);
        Directory.CreateDirectory(_fetched.Layout.Blobs);
        Directory.CreateDirectory(_fetched.Layout.Temporary);
        Count++;
        string part = Path.Combine(_fetched.Layout.Temporary, blob.Digest.Hex);
        while (true)
        {
            bool isResumed = File.Exists(part);
            var actual = Complete(blob, part, cancellation);
            if (actual == blob.Digest)
            {
                File.Move(part, _fetched.Layout.BlobPath(blob.Digest), overwrite: true);
                return;
            }

            // What had come before may be damaged; what comes as a whole and is another is the registry's doing.
            File.Delete(part);
            if (!isResumed)
            {
                throw new RegistryException($"blob '{blob.Digest}' of '{_repository}'", $"content has digest '{actual}'");
            }
        }
    }

    /// <summary>Removes what came: it is in the archive, or must never come there.</summary>
    public void Discard()
    {
        if (Directory.Exists(_fetched.Layout.Root))
        {
            Directory.Delete(_fetched.Layout.Root, recursive: true);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Goes on where it was left, and tells what it has come to.</summary>
    private Digest Complete(Descriptor blob, string part, CancellationToken cancellation)
    {
        using var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, BufferSize = 0 });
        using var digest = new RunningDigest();
        byte[] buffer = new byte[BufferBytes];
        if (file.Length > blob.Size)
        {
            file.SetLength(0);
        }

        for (int read; (read = file.Read(buffer)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
        }

        if (file.Length < blob.Size || blob.Size == 0)
        {
            using var body = _client.OpenBlob(_repository, blob, file.Length, cancellation);
            for (int read; (read = body.Read(buffer)) > 0;)
            {
                if (file.Length + read > blob.Size)
                {
                    throw new RegistryException($"blob '{blob.Digest}' of '{_repository}'", $"has more than the {blob.Size} bytes its descriptor says");
                }

                digest.Append(buffer.AsSpan(0, read));
                file.Write(buffer.AsSpan(0, read));
                Bytes += read;
                _read?.Invoke(Bytes);
            }
        }

        RandomAccess.FlushToDisk(file.SafeFileHandle);
        return Digest.FromHash(digest.Finish());
    }

    private void RequireRoom(Descriptor blob)
    {
        long free = ArchiveQuota.FreeBytes(_home.Layout);
        if (blob.Size > free)
        {
            throw new QuotaException(
                $"archive '{_home.Layout.Root}': {ByteSize.Text(free)} are free on its disk, and the next blob has {ByteSize.Text(blob.Size)}");
        }
    }
}
