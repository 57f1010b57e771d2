using System.Text.Json.Serialization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>revocation/v1</c>: this revocation list was to be had. What it says is its authority's word, not the signer's.</summary>
/// <remarks>It has no time, so that one list makes one statement; when it was there at the latest, its time stamp and the seals say.</remarks>
public sealed record RevocationRecord
{
    public required Recorder Recorder { get; init; }

    /// <summary>RFC 5280 §5, DER.</summary>
    public required Descriptor List { get; init; }

    /// <summary>SHA-256 of the issuer's name, DER: what lists are found by.</summary>
    [JsonConverter(typeof(Sha256HexJsonConverter))]
    public required string Issuer { get; init; }
}
