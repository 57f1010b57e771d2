using System.CommandLine;
using System.Globalization;

namespace Provenance.Cli.Options;

/// <summary>A point in time as people give it: a date, a date and time, or how long ago.</summary>
internal sealed class SinceOption(string name, string what)
{
    public Option<string> Option { get; } = SharedOptions.Single(name, null, "TIME", what);

    public DateTimeOffset? Read(CommandCall call) =>
        call.Value(Option) is { } text ? Parse(name, text, call.Workbench.Time.GetUtcNow()) : null;

    internal static DateTimeOffset Parse(string name, string text, DateTimeOffset now)
    {
        TimeSpan? unit = text.Length < 2 ? null : text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        if (unit is { } each && int.TryParse(text[..^1], NumberStyles.None, null, out int count) && count < 100_000)
        {
            return now - (each * count);
        }

        // A date without a zone is the user's own day.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time.ToUniversalTime()
            : throw new UsageException($"option '{name}': '{text}' is neither a time such as 2026-11-24 nor an age such as 3h, 7d, 2w");
    }
}
