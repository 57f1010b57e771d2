namespace Provenance.Archive.Access;

/// <summary>Times as service.db has them: milliseconds since 1970-01-01T00:00:00Z.</summary>
internal static class ServiceTime
{
    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Of(long? milliseconds) => milliseconds is { } value ? Of(value) : null;
}
