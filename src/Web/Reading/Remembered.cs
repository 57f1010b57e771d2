namespace Provenance.Web.Reading;

/// <summary>Something that takes many questions to find out: found out once, until the archive changes.</summary>
/// <param name="shelf">The archive, as somebody may read it.</param>
/// <param name="find">Finds it out.</param>
internal sealed class Remembered<T>(Shelf shelf, Func<Reader, T> find)
{
    private readonly Lock _reading = new();
    private volatile Known? _known;

    public T Now()
    {
        var stamp = shelf.Stamp;
        if (_known is { } known && known.Stamp == stamp)
        {
            return known.Value;
        }

        lock (_reading)
        {
            // Whoever waited finds it read.
            if (_known is { } read && read.Stamp == stamp)
            {
                return read.Value;
            }

            using var reader = shelf.Open();
            _known = new Known(stamp, find(reader));
            return _known.Value;
        }
    }

    private sealed record Known(ArchiveStamp Stamp, T Value);
}
