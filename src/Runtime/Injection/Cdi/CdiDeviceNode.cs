namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A device file. Its numbers and owner are not looked at: the host's own file is shown.</summary>
internal sealed record CdiDeviceNode
{
    public required string Path { get; init; }

    /// <summary>Null where it is the same.</summary>
    public string? HostPath { get; init; }

    public string? Type { get; init; }

    public long? Major { get; init; }

    public long? Minor { get; init; }

    public long? FileMode { get; init; }

    public string? Permissions { get; init; }

    public long? Uid { get; init; }

    public long? Gid { get; init; }
}
