using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Content;

/// <summary>The name of a blob: the SHA-256 of its bytes, written <c>sha256:</c> and 64 lowercase hex digits.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, descriptor.md#digests.</remarks>
[JsonConverter(typeof(DigestJsonConverter))]
public sealed partial record Digest
{
    public const int SizeBytes = SHA256.HashSizeInBytes;
    private const string Prefix = "sha256:";

    private readonly string _text;

    private Digest(string text) => _text = text;

    /// <summary>The 64 lowercase hex digits.</summary>
    public string Hex => _text[Prefix.Length..];

    /// <summary>What people are shown: the first 12 hex digits.</summary>
    public string Abbreviated => _text.Substring(Prefix.Length, 12);

    /// <exception cref="FormatException">The text is not a SHA-256 digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a sha256 digest");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = text is not null && Pattern().IsMatch(text) ? new Digest(text) : null;
        return digest is not null;
    }

    /// <summary>Takes the 64 hex digits alone, as they stand in a file name or in an in-toto digest set.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? hex, [NotNullWhen(true)] out Digest? digest) =>
        TryParse(Prefix + hex, out digest);

    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        if (content.Length <= SmallSha256.MostBytes)
        {
            SmallSha256.Hash(content, hash);
        }
        else
        {
            SHA256.HashData(content, hash);
        }

        return FromHash(hash);
    }

    /// <summary>Of all that the stream still holds.</summary>
    public static Digest Of(Stream content) => FromHash(SHA256.HashData(content));

    /// <param name="hash">The 32 bytes of a SHA-256.</param>
    public static Digest FromHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SizeBytes);
        return new Digest(Prefix + Convert.ToHexStringLower(hash));
    }

    /// <summary>The 32 bytes, as the catalog keeps them.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text.AsSpan(Prefix.Length));

    public override string ToString() => _text;

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Pattern();
}
