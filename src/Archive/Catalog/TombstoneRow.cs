using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>A tombstone, as the catalog lists it.</summary>
public sealed record TombstoneRow
{
    /// <summary>The tombstone itself.</summary>
    public required Digest Record { get; init; }

    /// <summary>The record that is taken down.</summary>
    public required Digest Of { get; init; }

    /// <summary>Of the record that is taken down.</summary>
    public required RecordKind Kind { get; init; }

    public required string Reason { get; init; }

    /// <summary>Null when the signature could not be read.</summary>
    public Digest? SignerCertificate { get; init; }

    /// <summary>As the certificate names its subject.</summary>
    public string? SignerName { get; init; }

    /// <summary>As the signer claims.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Place in the log, from 0; null while it waits.</summary>
    public long? LogIndex { get; init; }

    /// <summary>Among all records, also while it waits: where a list goes on.</summary>
    public required long Place { get; init; }
}
