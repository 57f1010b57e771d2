namespace Provenance.Archive.Records;

/// <summary>A place in the container that did not come from the image and that the job's data went through.</summary>
public sealed record Mount
{
    /// <summary><c>bind</c>, <c>tmpfs</c>, or <c>image</c>: what the image has there, over a mount that would hide it.</summary>
    public required string Kind { get; init; }

    /// <summary>Absolute path on the host; null for what is no bind.</summary>
    public string? Source { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string Destination { get; init; }

    public required bool ReadOnly { get; init; }

    /// <summary><c>working-folder</c>, <c>bind</c>, <c>home</c>, <c>scratch</c>, <c>host</c> or <c>environment</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>True when the source is a single file.</summary>
    public required bool IsFile { get; init; }

    /// <summary>Of a tmpfs, the size that was asked for; null for the kernel's default, half of the memory.</summary>
    public long? SizeBytes { get; init; }
}
