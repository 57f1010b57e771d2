namespace Provenance.Archive.Content;

/// <summary>Takes what is written and keeps only its digest: for content that is made to be compared, in an archive nobody may write.</summary>
public sealed class DigestStream : Stream
{
    private readonly RunningDigest _digest = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Of everything written; nothing can be written afterwards.</summary>
    public Digest Finish() => Digest.FromHash(_digest.Finish());

    public override void Write(ReadOnlySpan<byte> buffer) => _digest.Append(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}
