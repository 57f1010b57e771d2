namespace Provenance.Archive.Records;

/// <summary>Something of the host in the container that is no file with a content: a device, a folder, a socket, or a link made for it.</summary>
public sealed record InjectedPlace
{
    /// <summary><c>device</c>, <c>folder</c>, <c>socket</c> or <c>link</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Absolute path on the host; null for a link.</summary>
    public string? HostPath { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string ContainerPath { get; init; }

    /// <summary>What a link says; null for all else.</summary>
    public string? Target { get; init; }

    public required bool ReadOnly { get; init; }

    /// <summary><c>gpu</c>, <c>device</c>, <c>mpi</c>, <c>inject</c> or <c>closure</c>.</summary>
    public required string Reason { get; init; }
}
