using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>An endorsement, as the catalog lists it. Whether it counts is for <see cref="Trust.RecordVerifier"/> to say.</summary>
public sealed record EndorsementRow
{
    public required Digest Record { get; init; }

    /// <summary>The detached signature over the endorsement.</summary>
    public required Digest Signature { get; init; }

    public string? Comment { get; init; }

    /// <summary>As the certificate names its subject; null when the signature could not be read.</summary>
    public string? SignerName { get; init; }

    public Digest? SignerCertificate { get; init; }
}
