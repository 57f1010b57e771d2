using Provenance.Archive.Content;

namespace Provenance.Archive.Care;

/// <summary>Copies the blobs that another archive has not, proving each on the way; many become durable together.</summary>
/// <param name="from">The archive.</param>
/// <param name="to">Its backup.</param>
/// <param name="quarantine">The backup's, for blobs of it that cannot be what their names say.</param>
internal sealed class BlobCopier(BlobStore from, BlobStore to, Quarantine quarantine) : IDisposable
{
    private const int BatchBlobs = 64;
    private const long BatchBytes = 64 << 20;
    private const int BufferBytes = 1 << 17;

    private readonly BlobBatch _batch = new(to);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly List<string> _damaged = [];
    private int _waiting;
    private long _waitingBytes;

    public long Count { get; private set; }

    public long Copied { get; private set; }

    /// <summary>In bytes.</summary>
    public long CopiedBytes { get; private set; }

    public IReadOnlyList<string> Damaged => _damaged;

    public void CopyAll(IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        var all = from.Enumerate().ToList();
        foreach (var digest in all)
        {
            cancellation.ThrowIfCancellationRequested();
            Count++;
            if (!IsThere(digest))
            {
                Copy(digest);
            }

            progress?.Report(new BackupProgress(Count, all.Count));
        }

        _batch.Commit();
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>What stands there was durable before it got its name. Another size is damage, which is replaced.</summary>
    private bool IsThere(Digest digest)
    {
        var copy = new FileInfo(to.Layout.BlobPath(digest));
        return copy.Exists && new FileInfo(from.Layout.BlobPath(digest)) is { Exists: true } file && copy.Length == file.Length;
    }

    private void Copy(Digest digest)
    {
        var blob = _batch.Create(MediaTypes.OctetStream);
        if (!TryRead(digest, blob))
        {
            _batch.Drop(blob);
            return;
        }

        // One that is there is of another size, or it would not have been read.
        quarantine.SetAside(to.Layout.BlobPath(digest));
        Copied++;
        CopiedBytes += blob.Length;
        _waitingBytes += blob.Length;
        if (++_waiting >= BatchBlobs || _waitingBytes >= BatchBytes)
        {
            _batch.Commit();
            (_waiting, _waitingBytes) = (0, 0);
        }
    }

    private bool TryRead(Digest digest, BlobWriteStream blob)
    {
        FileStream content;
        try
        {
            content = new FileStream(from.Layout.BlobPath(digest), new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(digest, $"cannot be read: {e.Message.TrimEnd('.')}");
        }

        using (content)
        {
            int read;
            while ((read = Read(content, digest)) > 0)
            {
                blob.Write(_buffer.AsSpan(0, read));
            }

            return read == 0 && (blob.Seal().Digest == digest || Refuse(digest, $"content has digest '{blob.Seal().Digest}'"));
        }
    }

    /// <returns>-1 when the disk does not give it. What the backup's disk does is not caught.</returns>
    private int Read(FileStream content, Digest digest)
    {
        try
        {
            return content.Read(_buffer);
        }
        catch (IOException e)
        {
            Refuse(digest, $"cannot be read: {e.Message.TrimEnd('.')}");
            return -1;
        }
    }

    private bool Refuse(Digest digest, string reason)
    {
        _damaged.Add($"blob '{digest}': {reason}");
        return false;
    }
}
