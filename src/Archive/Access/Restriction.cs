using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>That not everybody may read a record over the web.</summary>
public sealed record Restriction
{
    public required Digest Record { get; init; }

    /// <summary>Who may read it meanwhile; null for administrators alone.</summary>
    public string? Owner { get; init; }

    /// <summary>From then on everybody may; null for never.</summary>
    public DateTimeOffset? PublicAt { get; init; }
}
