using Provenance.Archive.Records;

namespace Provenance.Runtime.Injection;

/// <summary>A file of the host that will be in the container, with what is known of it before it is hashed.</summary>
public sealed record PlannedFile
{
    public required string HostPath { get; init; }

    public required string ContainerPath { get; init; }

    public required string Reason { get; init; }

    /// <summary>Names of symbols that the job's programs and the image's libraries take from it, in order.</summary>
    public IReadOnlyList<string>? SymbolsUsed { get; init; }

    /// <summary>The image's file that it hides.</summary>
    public ReplacedFile? Replaces { get; init; }

    /// <summary>Of the driver it belongs to.</summary>
    public string? DriverVersion { get; init; }
}
