using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>tombstone/v1</c>: whoever keeps an archive shows a record no longer, and says why.</summary>
/// <remarks>
/// The record's digests stay in the log, so that a hole is never mistaken for something that never was. Only a tombstone that one of an archive's own
/// keys has signed does anything there: see <see cref="Catalog.Tombstones"/>.
/// </remarks>
public sealed record TombstoneRecord
{
    /// <summary>Characters of a reason.</summary>
    public const int MaxReason = 1000;

    public required Recorder Recorder { get; init; }

    /// <summary>Of the record that is taken down; never a tombstone.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>The statement that is taken down.</summary>
    public required LeafBlob Record { get; init; }

    /// <summary>SHA-256 of the certificate that signs this.</summary>
    public required Digest Certificate { get; init; }

    /// <summary>Why, in one line of at most 1000 characters. Everybody reads it.</summary>
    public required string Reason { get; init; }
}
