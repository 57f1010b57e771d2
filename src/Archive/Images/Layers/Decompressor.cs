using System.IO.Compression;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace Provenance.Archive.Images.Layers;

/// <summary>Opens compressed streams by what they are, never by what they are called.</summary>
/// <remarks>Sources: RFC 1952 §2.3.1, RFC 8878 §3.1, the .xz file format §2.1.1.1, and bzip2's own header, which has no specification.</remarks>
internal static class Decompressor
{
    private const int MagicBytes = 10;

    /// <summary>Looks at the first bytes.</summary>
    public static Compression Recognise(PeekStream stream)
    {
        var head = stream.Peek(MagicBytes);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return Compression.Gzip;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || IsSkippableZstdFrame(head))
        {
            return Compression.Zstd;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
        {
            return Compression.Xz;
        }

        return IsBzip2(head) ? Compression.Bzip2 : Compression.None;
    }

    /// <summary>All frames, members or streams that follow each other are read as one.</summary>
    /// <param name="compression">As <see cref="Recognise"/> told.</param>
    /// <param name="packed">Not to be used otherwise; its owner disposes of it.</param>
    public static Stream Open(Compression compression, Stream packed) => compression switch
    {
        Compression.Gzip => new GZipStream(packed, CompressionMode.Decompress),
        Compression.Zstd => new DecompressionStream(packed, bufferSize: 1 << 16, checkEndOfStream: true, leaveOpen: false),
        Compression.Xz => new ConcatenatedXzStream(new PeekStream(packed)),
        Compression.Bzip2 => BZip2Stream.Create(
            packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true, leaveOpen: true),
        _ => packed,
    };

    /// <summary>Whether this is how one of the decompressors says that its input is damaged. They are not agreed on it.</summary>
    public static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException
        or SharpCompressException or ZstdException or IndexOutOfRangeException or ArgumentException
        or OverflowException or InvalidOperationException or NullReferenceException or NotSupportedException
        or NotImplementedException or OutOfMemoryException;

    /// <summary>Opens one xz stream after the other, as xz itself does.</summary>
    private sealed class ConcatenatedXzStream(PeekStream packed) : ForwardStream
    {
        private XZStream _current = new(packed);

        public override int Read(Span<byte> buffer)
        {
            while (true)
            {
                int read = _current.Read(buffer);
                if (read > 0 || buffer.IsEmpty || packed.AtEnd())
                {
                    return read;
                }

                _current = new XZStream(packed);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _current.Dispose();
                packed.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private static bool IsSkippableZstdFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && (head[0] & 0xF0) == 0x50 && head[1..].StartsWith((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18]);

    private static bool IsBzip2(ReadOnlySpan<byte> head) => head.Length == MagicBytes
        && head.StartsWith("BZh"u8) && head[3] is >= (byte)'1' and <= (byte)'9'
        && (head[4..].SequenceEqual((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || head[4..].SequenceEqual((ReadOnlySpan<byte>)[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]));
}
