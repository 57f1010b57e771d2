using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>endorsement/v1</c>: somebody stands behind another record, byte for byte. A further signature, as a record of its own.</summary>
/// <remarks>
/// Who signs stands in it, since two who say the same of one record must not make the same bytes, which would be one record.
/// </remarks>
public sealed record EndorsementRecord
{
    /// <summary>Characters of a comment.</summary>
    public const int MaxComment = 1000;

    public required Recorder Recorder { get; init; }

    /// <summary>Of the record that is endorsed; never an endorsement.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>The statement that is endorsed.</summary>
    public required LeafBlob Record { get; init; }

    /// <summary>SHA-256 of the certificate that signs this.</summary>
    public required Digest Certificate { get; init; }

    /// <summary>What the endorser has to say, one line of at most 1000 characters; null when nothing.</summary>
    public string? Comment { get; init; }
}
