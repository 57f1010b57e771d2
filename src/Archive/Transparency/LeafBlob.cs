using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Transparency;

/// <summary>A blob as an entry of the log names it: by both digests, so that the log outlives either.</summary>
public sealed record LeafBlob
{
    /// <summary>64 lowercase hex digits.</summary>
    [JsonConverter(typeof(Sha256HexJsonConverter))]
    public required string Sha256 { get; init; }

    /// <summary>128 lowercase hex digits.</summary>
    [JsonConverter(typeof(Sha512HexJsonConverter))]
    public required string Sha512 { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    [JsonIgnore]
    public Digest Digest => Digest.Parse($"sha256:{Sha256}");

    public static LeafBlob Of(ReadOnlySpan<byte> content) => new()
    {
        Sha256 = Digest.Of(content).Hex,
        Sha512 = Convert.ToHexStringLower(SHA512.HashData(content)),
        Size = content.Length,
    };

    /// <summary>What to read from the blob store, and to check.</summary>
    public Descriptor ToDescriptor(string mediaType) =>
        new() { MediaType = mediaType, Digest = Digest, Size = Size, Sha512 = Sha512 };
}
