namespace Provenance.Archive.Records;

/// <summary>What standard input was.</summary>
public sealed record StandardInput
{
    /// <summary><c>null</c>, <c>terminal</c>, <c>file</c>, <c>pipe</c>, <c>other</c> or <c>closed</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Host path of a file; null for what was not a file.</summary>
    public string? Path { get; init; }

    /// <summary>Where in the file it was handed over, in bytes; null for what was not a file.</summary>
    public long? Offset { get; init; }

    /// <summary>
    /// Digests of what stood in the file from where it was handed over, or of what the job read from a pipe; null for anything else, and
    /// where that is not known.
    /// </summary>
    public DigestSet? Digest { get; init; }

    /// <summary>Size of the same, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>The kept content; null when it was not kept.</summary>
    public Content.Descriptor? Kept { get; init; }

    /// <summary>Whether a job can be given the same once more, as far as the record tells: all of it is kept, there was nothing, or it is a file.</summary>
    public bool CanBeGivenAgain() => Kept is not null || (Size == 0 && Digest is not null) || Kind is "file" or "null" or "closed";
}
