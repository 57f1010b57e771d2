using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A blob that a record of the bundle names and that the bundle does not hold.</summary>
public sealed record AbsentBlob
{
    public required Digest Digest { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    public required AbsenceReason Reason { get; init; }
}
