using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>A list too long for the record that is not of files: a blob of JSON lines.</summary>
public sealed record LineList
{
    public required int Count { get; init; }

    /// <summary>Null when the list is empty.</summary>
    public Descriptor? Blob { get; init; }
}
