using System.Globalization;

namespace Provenance.Cli;

/// <summary>How tokens and links are named and told of.</summary>
internal static class AccessWords
{
    public static long ReadId(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
        ? id
        : throw new UsageException($"'{text}' is no number");

    public static string End(DateTimeOffset? revoked, DateTimeOffset? expires) =>
        revoked is not null ? "revoked" : expires is { } time ? Readable.Time(time) : "never";
}
