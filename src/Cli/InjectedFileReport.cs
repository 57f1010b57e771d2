namespace Provenance.Cli;

/// <summary>A file of the host in a container, as <c>prov run --json</c> reports it.</summary>
internal sealed record InjectedFileReport
{
    public required string HostPath { get; init; }

    public required string ContainerPath { get; init; }

    /// <summary>As the member of that name in a record.</summary>
    public required string Reason { get; init; }

    /// <summary>The image's file in whose place it is; null when there was none.</summary>
    public string? Replaces { get; init; }

    /// <summary>Null when it belongs to no driver.</summary>
    public string? DriverVersion { get; init; }
}
