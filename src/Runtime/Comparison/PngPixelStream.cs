using Provenance.Archive.Images.Layers;

namespace Provenance.Runtime.Comparison;

/// <summary>The compressed pixels of a PNG: its IDAT chunks in a row.</summary>
internal sealed class PngPixelStream(Stream file, IReadOnlyList<(long Offset, int Length)> chunks) : ForwardStream
{
    private int _chunk;
    private int _read;

    public override int Read(Span<byte> buffer)
    {
        while (_chunk < chunks.Count)
        {
            var (offset, length) = chunks[_chunk];
            if (_read < length)
            {
                file.Position = offset + _read;
                int read = file.Read(buffer[..Math.Min(buffer.Length, length - _read)]);
                _read += read;
                return read;
            }

            (_chunk, _read) = (_chunk + 1, 0);
        }

        return 0;
    }
}
