namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A file or folder of the host that is shown in the container.</summary>
internal sealed record CdiMount
{
    public required string HostPath { get; init; }

    public required string ContainerPath { get; init; }

    public string? Type { get; init; }

    /// <summary>As mount(8) has them.</summary>
    public IReadOnlyList<string>? Options { get; init; }
}
