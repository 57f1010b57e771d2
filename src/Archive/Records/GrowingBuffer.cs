using System.Buffers;

namespace Provenance.Archive.Records;

/// <summary>Bytes that are written one after another, and whose end can be taken back.</summary>
internal sealed class GrowingBuffer(int sizeHint) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[Math.Max(sizeHint, 64)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Truncate(int length) => Length = Math.Min(Length, length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - Length < Math.Max(sizeHint, 1))
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + sizeHint));
        }

        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
