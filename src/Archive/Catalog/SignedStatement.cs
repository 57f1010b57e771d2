using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>A record's exact bytes and its detached signature, both proved against their digests. Whether the signature holds is not said.</summary>
public sealed record SignedStatement
{
    public required Digest Record { get; init; }

    public required RecordKind Kind { get; init; }

    public required ReadOnlyMemory<byte> Statement { get; init; }

    /// <summary>CMS, DER.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }
}
