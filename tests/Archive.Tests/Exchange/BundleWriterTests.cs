using Provenance.Archive.Exchange;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Images.Tar;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Files that ustar has no digits for.</summary>
public sealed class BundleWriterTests
{
    [Theory]
    [InlineData((1L << 33) - 1)]
    [InlineData(1L << 33)]
    public void A_header_says_how_large_a_file_is(long size)
    {
        using var head = new HeadStream();
        var writer = new BundleWriter(head, null, CancellationToken.None);

        // Nine gigabytes of zeros are not needed to see a header: nothing is, of the file.
        Assert.Throws<EndOfStreamException>(() => writer.Write(new BundleFile("blobs/a", size, () => new EndingStream())));

        var header = new TarHeader(head.Bytes);
        header.Verify();
        Assert.Equal(size, header.Size);
        Assert.Equal(0, header.ModifiedSeconds);
        // The same on the next day: nothing of the moment is in it.
        using var again = new HeadStream();
        var second = new BundleWriter(again, null, CancellationToken.None);
        Assert.Throws<EndOfStreamException>(() => second.Write(new BundleFile("blobs/a", size, () => new EndingStream())));
        Assert.Equal(head.Bytes.ToArray(), again.Bytes.ToArray());
    }

    private sealed class EndingStream : ForwardStream
    {
        public override int Read(Span<byte> buffer) => throw new EndOfStreamException();
    }

    /// <summary>Keeps the first block.</summary>
    private sealed class HeadStream : Stream
    {
        private readonly MemoryStream _head = new();

        public ReadOnlySpan<byte> Bytes => _head.GetBuffer().AsSpan(0, TarHeader.BlockBytes);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _head.Length;

        public override long Position
        {
            get => _head.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => _head.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
