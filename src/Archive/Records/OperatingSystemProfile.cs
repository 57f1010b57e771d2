namespace Provenance.Archive.Records;

/// <summary>The distribution and its C library.</summary>
public sealed record OperatingSystemProfile
{
    /// <summary>ID of os-release: <c>debian</c>.</summary>
    public required string Id { get; init; }

    /// <summary>VERSION_ID; null for rolling releases.</summary>
    public string? VersionId { get; init; }

    public required string PrettyName { get; init; }

    /// <summary><c>glibc</c> or <c>musl</c>; null when unknown.</summary>
    public string? Libc { get; init; }

    public string? LibcVersion { get; init; }
}
