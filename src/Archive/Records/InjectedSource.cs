namespace Provenance.Archive.Records;

/// <summary>A file of the host that the user asked to be put into the container.</summary>
public sealed record InjectedSource
{
    /// <summary>Absolute path on the host.</summary>
    public required string Source { get; init; }

    /// <summary>Absolute path in the container; null for where the dynamic linker finds it.</summary>
    public string? Destination { get; init; }
}
