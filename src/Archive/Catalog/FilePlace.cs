using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Provenance.Archive.Catalog;

/// <summary>A file's place in the list of all: where a further page begins.</summary>
/// <param name="LogIndex">Of the run.</param>
/// <param name="Role">As the catalog numbers it.</param>
/// <param name="Position">In the record's list.</param>
public sealed record FilePlace(long LogIndex, int Role, long Position)
{
    private const char Separator = '.';

    /// <summary>In front of all.</summary>
    public static FilePlace Start { get; } = new(long.MaxValue, int.MaxValue, long.MaxValue);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FilePlace? place)
    {
        place = text?.Split(Separator) is [var index, var role, var position]
            && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out long logIndex)
            && int.TryParse(role, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out long line)
                ? new FilePlace(logIndex, number, line)
                : null;
        return place is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogIndex}{Separator}{Role}{Separator}{Position}");
}
