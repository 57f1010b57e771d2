using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>A decoder over one stretch of a file's bytes at a time; nothing is allocated for the next.</summary>
internal sealed class CodeWindow : CodeReader
{
    private readonly byte[] _content;
    private int _at;
    private int _end;

    internal CodeWindow(byte[] content)
    {
        _content = content;
        Decoder = Decoder.Create(64, this);
    }

    internal Decoder Decoder { get; }

    /// <param name="offset">In the file.</param>
    /// <param name="length">In bytes; both lie within the file.</param>
    /// <param name="address">Where the first of them stands in memory.</param>
    internal void Move(long offset, long length, ulong address)
    {
        _at = (int)offset;
        _end = (int)(offset + length);
        Decoder.IP = address;
    }

    public override int ReadByte() => _at < _end ? _content[_at++] : -1;
}
