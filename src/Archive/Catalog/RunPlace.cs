using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Provenance.Archive.Catalog;

/// <summary>A run's place in the list of all, the newest first: where a further page begins.</summary>
/// <param name="StartedAt">Of the run.</param>
/// <param name="LogIndex">In the log; what is not yet in it comes before what is.</param>
public sealed record RunPlace(DateTimeOffset StartedAt, long LogIndex)
{
    private const char Separator = '.';

    public static RunPlace Of(RunRow run) => new(run.StartedAt, run.LogIndex ?? long.MaxValue);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RunPlace? place)
    {
        place = text?.Split(Separator) is [var time, var index]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? new RunPlace(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), number)
                : null;
        return place is not null;
    }

    public override string ToString() => $"{StartedAt.ToUnixTimeMilliseconds()}{Separator}{LogIndex}";
}
