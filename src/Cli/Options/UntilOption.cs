using System.CommandLine;
using System.Globalization;

namespace Provenance.Cli.Options;

/// <summary>A point in time to come, as people give it: a date, a date and time, or how long from now.</summary>
internal sealed class UntilOption(string name, string what)
{
    public Option<string> Option { get; } = SharedOptions.Single(name, null, "TIME", what);

    public DateTimeOffset? Read(CommandCall call) =>
        call.Value(Option) is { } text ? Parse($"option '{name}'", text, call.Workbench.Time.GetUtcNow()) : null;

    /// <param name="what">For the message.</param>
    /// <exception cref="UsageException">It is no such time, or it is past.</exception>
    internal static DateTimeOffset Parse(string what, string text, DateTimeOffset now)
    {
        const int Most = 100_000;
        TimeSpan? unit = text.Length < 2 ? null : text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        if (unit is { } each && int.TryParse(text[..^1], NumberStyles.None, null, out int count) && count is > 0 and < Most)
        {
            return now + (each * count);
        }

        // A date without a zone is a day in UTC: it is the same one for all who read.
        return !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? throw new UsageException($"{what}: '{text}' is neither a time such as 2027-06-30 nor a while such as 12h, 30d, 8w")
            : time > now ? time.ToUniversalTime()
            : throw new UsageException($"{what}: '{text}' is past");
    }
}
