namespace Provenance.Runtime.Comparison;

/// <summary>Reads lines as bytes: what a line is does not depend on an encoding.</summary>
/// <param name="stream">From its position.</param>
internal sealed class TextLines(Stream stream)
{
    private const int FirstBytes = 1 << 16;

    /// <summary>A longer line makes it no text that could be compared line by line.</summary>
    private const int MaxLineBytes = 16 << 20;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where the line that was read last begins, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Offset of what follows.</summary>
    private long _next;

    /// <param name="line">Without its end; valid until the next call.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="UnreadableContentException">A line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(searched + length, 1, out line);
            }

            searched = _end - _start;
            if (!_atEnd)
            {
                Fill();
                continue;
            }

            if (searched > 0)
            {
                return Take(searched, 0, out line);
            }

            line = default;
            return false;
        }
    }

    private bool Take(int length, int end, out ReadOnlySpan<byte> line)
    {
        line = _buffer.AsSpan(_start, length);
        _start += length + end;
        Offset = _next;
        _next += length + end;
        Number++;
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return true;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxLineBytes)
            {
                throw new UnreadableContentException($"has a line of more than {MaxLineBytes >> 20} MiB");
            }

            Array.Resize(ref _buffer, _end * 2);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
    }
}
