namespace Provenance.Archive.Content;

/// <summary>A blob that is being written. It has a name only after <see cref="Commit"/>; without it nothing is left.</summary>
public sealed class BlobWriteStream : Stream
{
    private readonly StoreLayout _layout;
    private readonly FolderSync _sync;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly DescriptorStream _written;
    private Descriptor? _sealed;
    private bool _isDurable;
    private bool _committed;

    internal BlobWriteStream(StoreLayout layout, FolderSync sync, string mediaType)
    {
        _layout = layout;
        _sync = sync;
        _written = new DescriptorStream(mediaType);
        _temporary = Path.Combine(layout.Temporary, TemporaryName.Next());
        _file = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        });
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes written so far.</summary>
    public override long Length => _written.Length;

    public override long Position
    {
        get => _written.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_sealed is not null, this);
        _written.Write(buffer);
        _file.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Ends writing, and tells what <see cref="Commit"/> will return. Nothing is kept yet.</summary>
    public Descriptor Seal() => _sealed ??= _written.Finish();

    /// <summary>Makes the content durable under its digest. When it stands there already, the new copy is dropped.</summary>
    public Descriptor Commit()
    {
        var descriptor = Seal();
        FlushToDisk();
        Place();

        // Also when it was there before: whoever put it there may not have come to this yet.
        _sync(_layout.Blobs);
        return descriptor;
    }

    /// <summary>As <see cref="Commit"/>, in the place of what is not what its name says.</summary>
    /// <param name="setAside">Takes that away; called when the new content is durable.</param>
    internal Descriptor CommitOver(Action setAside)
    {
        Seal();
        MakeDurable();
        setAside();
        return Commit();
    }

    public override void Flush()
    {
        // Nothing is buffered here; durability is Commit's.
    }

    /// <summary>Ends writing and makes the bytes durable, under no name yet; not where the blob stands already.</summary>
    internal void FlushToDisk()
    {
        if (!File.Exists(FinalPath))
        {
            MakeDurable();
        }
    }

    /// <summary>Gives the content its name; the folder is for the caller to sync.</summary>
    internal void Place()
    {
        // Held until the new one is in its place: whoever removes old blobs must not take the name of this one with it.
        using var standing = StandingBlob.TryHold(FinalPath);
        if (standing is not null && standing.TryRefresh(TimeProvider.System))
        {
            Discard();
        }
        else
        {
            MakeDurable();
            _file.Dispose();
            File.Move(_temporary, FinalPath, overwrite: true);
        }

        _committed = true;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_committed)
            {
                Discard();
            }

            _written.Dispose();
        }

        base.Dispose(disposing);
    }

    private string FinalPath => _layout.BlobPath(Seal().Digest);

    private void MakeDurable()
    {
        if (!_isDurable)
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
            _isDurable = true;
        }
    }

    private void Discard()
    {
        _file.Dispose();
        File.Delete(_temporary);
    }
}
