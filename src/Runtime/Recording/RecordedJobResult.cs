using Provenance.Archive.Content;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>How a recorded job ended, and whether its record was kept.</summary>
public sealed record RecordedJobResult
{
    public required ContainerResult Container { get; init; }

    /// <summary>The run's id, acknowledged by the archive; null when the run was not recorded.</summary>
    public Digest? Run { get; init; }

    /// <summary>What the person who waits should know of the record: contents that were too much to keep.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why there is no record; null when there is one.</summary>
    public string? NotRecorded { get; init; }
}
