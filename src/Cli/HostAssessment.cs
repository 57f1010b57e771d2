using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>What one machine of several is said to be able to, as <c>prov check --all-hosts --json</c> prints it.</summary>
internal sealed record HostAssessment
{
    /// <summary>The name of its profile's file.</summary>
    public required string Host { get; init; }

    public required Assessment Assessment { get; init; }
}
