namespace Provenance.Archive.Records;

/// <summary>Splits a stream at line feeds, with a bound on the length of a line.</summary>
internal sealed class LineReader(Stream stream, int maxLineBytes, string what)
{
    private byte[] _buffer = new byte[1 << 14];
    private int _start;
    private int _end;

    /// <summary>The next line without its line feed, good until the next call; null at the end.</summary>
    /// <exception cref="RecordFormatException">The line is too long, or the last one has no line feed.</exception>
    public ReadOnlyMemory<byte>? Next()
    {
        int scanned = 0;
        while (true)
        {
            int feed = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                CheckLength(scanned + feed);
                var line = _buffer.AsMemory(_start, scanned + feed);
                _start += scanned + feed + 1;
                return line;
            }

            scanned = _end - _start;
            CheckLength(scanned);
            if (!Fill())
            {
                return scanned == 0 ? null : throw new RecordFormatException(what, "the last line has no line feed");
            }
        }
    }

    private void CheckLength(int bytes)
    {
        if (bytes > maxLineBytes)
        {
            throw new RecordFormatException(what, $"a line has more than {maxLineBytes} bytes");
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
