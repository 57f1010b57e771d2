using Provenance.Archive.Transparency;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>rotation/v1</c>: the key of one certificate is followed by that of another.</summary>
/// <remarks>Signed with the old key, endorsed with the new.</remarks>
public sealed record RotationRecord
{
    public required Recorder Recorder { get; init; }

    /// <summary>The certificate whose key signs this, DER.</summary>
    public required LeafBlob Old { get; init; }

    /// <summary>The certificate that is to be believed as the old one is, DER.</summary>
    public required LeafBlob New { get; init; }
}
