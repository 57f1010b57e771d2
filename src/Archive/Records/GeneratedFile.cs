namespace Provenance.Archive.Records;

/// <summary>A file the job created, changed or deleted. One JSON line of the list.</summary>
/// <remarks>The members stand in the order of RFC 8785 §3.2.3, so that a line need not be sorted when it is written.</remarks>
public sealed record GeneratedFile
{
    public required FileChange Change { get; init; }

    /// <summary>Where it belongs: output, cache, configuration or temporary; null when calls were not observed.</summary>
    public FileClass? Class { get; init; }

    public DigestSet? Digest { get; init; }

    /// <summary>True when its content is in the archive.</summary>
    public required bool Kept { get; init; }

    public required FileKind Kind { get; init; }

    /// <summary>Permission bits afterwards, octal; null when deleted.</summary>
    public string? Mode { get; init; }

    /// <summary>Why a regular file has no digest.</summary>
    public string? NotHashed { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>In bytes, afterwards; 0 for what is no regular file.</summary>
    public required long Size { get; init; }

    /// <summary>Target of a symbolic link.</summary>
    public string? Target { get; init; }
}
