using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>Digests of one content, lowercase hex. SHA-256 and SHA-512 must match; SHA-1 and MD5 serve look-ups and prove nothing.</summary>
/// <remarks>Source: in-toto attestation framework, spec/v1/digest_set.md.
/// The members stand in the order of RFC 8785 §3.2.3, so that a line need not be sorted when it is written.</remarks>
public sealed record DigestSet
{
    [JsonConverter(typeof(Md5HexJsonConverter))]
    public string? Md5 { get; init; }

    [JsonConverter(typeof(Sha1HexJsonConverter))]
    public string? Sha1 { get; init; }

    [JsonConverter(typeof(Sha256HexJsonConverter))]
    public required string Sha256 { get; init; }

    [JsonConverter(typeof(Sha512HexJsonConverter))]
    public string? Sha512 { get; init; }
}
