using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Transparency;

/// <summary>What others need to check the signatures of a log or a witness: its name and its public key, on one line of text (a vkey).</summary>
/// <remarks>Source: C2SP signed-note.md, "Verifier keys". A log's key is named as the log's origin, and signs for no other.</remarks>
public sealed partial record VerifierKey
{
    private readonly byte[] _publicKey;

    private VerifierKey(string name, NoteKeyType type, byte[] publicKey)
    {
        Name = name;
        Type = type;
        Id = ComputeId(name, type, publicKey);
        _publicKey = publicKey;
    }

    public string Name { get; }

    public uint Id { get; }

    public NoteKeyType Type { get; }

    /// <summary>Name and ID, as people are shown a key.</summary>
    public string Label => $"{Name}+{Id:x8}";

    /// <exception cref="LogException">The text is no verifier key, or one of a type that is not used here.</exception>
    public static VerifierKey Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success
            || !SignedNote.IsKeyName(match.Groups["name"].Value)
            || !StrictBase64.TryDecode(match.Groups["key"].Value, out byte[] typed)
            || typed.Length == 0)
        {
            throw new LogException($"verifier key '{text}': not in the form NAME+ID+KEY of C2SP signed-note");
        }

        var type = (NoteKeyType)typed[0];
        if (type is not (NoteKeyType.Ed25519 or NoteKeyType.Cosignature))
        {
            throw new LogException($"verifier key '{text}': has type {typed[0]}, expected 1 (a log's) or 4 (a witness's)");
        }

        if (typed.Length != 1 + Ed25519.PublicKeyBytes)
        {
            throw new LogException($"verifier key '{text}': has a public key of {typed.Length - 1} bytes, expected {Ed25519.PublicKeyBytes}");
        }

        var key = new VerifierKey(match.Groups["name"].Value, type, typed[1..]);
        return uint.Parse(match.Groups["id"].ValueSpan, NumberStyles.AllowHexSpecifier) == key.Id
            ? key
            : throw new LogException($"verifier key '{text}': its ID is not that of name and key, {key.Id:x8}");
    }

    internal static VerifierKey Of(string name, NoteKeyType type, byte[] publicKey) => new(name, type, publicKey);

    /// <summary>The line, without a line feed.</summary>
    public override string ToString() => $"{Label}+{Convert.ToBase64String([(byte)Type, .. _publicKey])}";

    public bool Equals(VerifierKey? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => HashCode.Combine(Name, Id);

    /// <summary>Whether name and ID are this key's. Whether the signature holds is another question.</summary>
    public bool Matches(NoteSignature signature) => signature.Name == Name && signature.KeyId == Id;

    /// <summary>Whether the signature is this key's, over this text.</summary>
    public bool Verifies(string text, NoteSignature signature)
    {
        var bytes = signature.Bytes.Span;
        if (!Matches(signature))
        {
            return false;
        }

        return Type == NoteKeyType.Ed25519
            ? Ed25519.Verify(_publicKey, Encoding.UTF8.GetBytes(text), bytes)
            : Cosignature.FindTime(bytes) is { } time
                && Ed25519.Verify(_publicKey, Cosignature.Message(text, time), bytes[Cosignature.TimeBytes..]);
    }

    /// <summary>Source: C2SP signed-note.md, "key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]".</summary>
    private static uint ComputeId(string name, NoteKeyType type, byte[] publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]));

    [GeneratedRegex(@"\A(?<name>[^+\n]+)\+(?<id>[0-9a-f]{8})\+(?<key>[A-Za-z0-9+/=]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
