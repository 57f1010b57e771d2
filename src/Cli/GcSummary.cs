using Provenance.Archive.Upkeep;

namespace Provenance.Cli;

/// <summary>What <c>prov archive gc</c> removed, or would.</summary>
internal sealed record GcSummary
{
    public required GcReport Blobs { get; init; }

    /// <summary>Unpacked images and what else lay in the cache; null when that was not asked for.</summary>
    public GcTally? Cache { get; init; }
}
