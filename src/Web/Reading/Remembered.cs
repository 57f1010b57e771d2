namespace Provenance.Web.Reading;

/// <summary>Something that takes many questions to find out: found out once, until the archive changes.</summary>
/// <param name="shelf">The archive, as somebody may read it.</param>
/// <param name="read">Finds it out.</param>
internal sealed class Remembered<T>(Shelf shelf, Func<Reader, T> read)
{
    private volatile Known? _known;

    public T Now()
    {
        var stamp = shelf.Stamp;
        if (_known is { } known && known.Stamp == stamp)
        {
            return known.Value;
        }

        using var reader = shelf.Open();
        var value = read(reader);
        _known = new Known(stamp, value);
        return value;
    }

    private sealed record Known(ArchiveStamp Stamp, T Value);
}
