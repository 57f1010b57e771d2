using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>One record: what it is and where its signature stands.</summary>
public sealed record RecordRow
{
    public required Digest Record { get; init; }

    public required RecordKind Kind { get; init; }

    public required Digest Signature { get; init; }

    /// <summary>The entry's place in the log, from 0; null while the record waits in incoming/.</summary>
    public required long? LogIndex { get; init; }
}
