using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>One content that one run made and another had as an input.</summary>
public sealed record LinkedFile
{
    public required LineageFile Made { get; init; }

    public required LineageFile Used { get; init; }

    /// <summary>Other runs that made the same content in time, the latest first; the bytes cannot tell which of them it was.</summary>
    public required IReadOnlyList<Digest> Alternatives { get; init; }
}
