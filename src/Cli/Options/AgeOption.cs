using System.CommandLine;
using System.Globalization;

namespace Provenance.Cli.Options;

/// <summary>A length of time as people give it: <c>30m</c>, <c>12h</c>, <c>90d</c>, <c>2w</c>; 0 for none.</summary>
internal sealed class AgeOption(string name, string what)
{
    private const int Most = 100_000;

    public Option<string> Option { get; } = SharedOptions.Single(name, null, "AGE", what);

    public TimeSpan? Read(CommandCall call) => call.Value(Option) is not { } text ? null : Parse(text)
        ?? throw new UsageException($"option '{name}': '{text}' is no age such as 12h, 90d or 2w");

    private static TimeSpan? Parse(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        TimeSpan? unit = text.Length < 2 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        return unit is { } each && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count < Most
            ? each * count
            : null;
    }
}
