using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>A citation, as the catalog lists it. Whether its signature counts is for <see cref="Trust.RecordVerifier"/> to say.</summary>
public sealed record CitationRow
{
    public required Digest Record { get; init; }

    /// <summary>The statement of the run, which may be in another archive.</summary>
    public required Digest Run { get; init; }

    public required Doi Doi { get; init; }

    public string? Title { get; init; }

    /// <summary>In the order of the record.</summary>
    public required IReadOnlyList<FigureRow> Figures { get; init; }

    /// <summary>As the certificate names its subject; null when the signature could not be read.</summary>
    public string? SignerName { get; init; }

    public Digest? SignerCertificate { get; init; }

    /// <summary>As the signer claims.</summary>
    public DateTimeOffset? SignedAt { get; init; }
}
