namespace Provenance.Runtime.Sandbox;

/// <summary>How a root that the job may change is made: the image itself never changes.</summary>
/// <remarks>An overlay where a self-test in the container says that it works, else a copy of the whole tree.</remarks>
public sealed record WritableRoot
{
    /// <summary>Folder on the host that keeps the changes (as overlayfs keeps them); null for memory, gone at the end.</summary>
    public string? UpperFolder { get; init; }

    /// <summary>Existing folder on the host in which a copy is made when an overlay does not work. Removed at the end.</summary>
    public required string CopyFolder { get; init; }
}
