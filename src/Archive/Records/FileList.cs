using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>A list too long for the record: a blob of JSON lines, and what is asked of it most.</summary>
public sealed record FileList
{
    public required int Count { get; init; }

    /// <summary>Sum of the files' sizes, in bytes.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Null when the list is empty.</summary>
    public Descriptor? Blob { get; init; }
}
