using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>One table <c>[[signer]]</c> of a trust policy: what a certificate, or whom it vouches for, may sign, and when.</summary>
internal sealed record PolicySigner
{
    /// <summary>SHA-256 of the DER of the signer's certificate, or of an authority's that vouches for it.</summary>
    public required Digest Certificate { get; init; }

    /// <summary>Whose certificate it is; null when that is not said.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<RecordKind> May { get; init; } = Enum.GetValues<RecordKind>();

    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>The first moment that is too late.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    public bool Allows(RecordKind kind, DateTimeOffset at) => May.Contains(kind) && at >= From && at < Until;
}
