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
    // C2SP signed-note.md, "Signature types". A key of another type is refused wherever one is configured.
    private const byte LogType = 1;
    private const byte WitnessType = 4;

    /// <summary>DER up to the key: the algorithm id-Ed25519, a bit string without unused bits.</summary>
    private static readonly byte[] PublicKeyInfoStart = Convert.FromHexString("302a300506032b6570032100");

    private readonly byte[] _publicKey;

    private VerifierKey(string name, NoteKeyRole role, byte[] publicKey)
    {
        Name = name;
        Role = role;
        Id = ComputeId(name, role, publicKey);
        _publicKey = publicKey;
    }

    public string Name { get; }

    public uint Id { get; }

    public NoteKeyRole Role { get; }

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

        NoteKeyRole role = typed[0] switch
        {
            LogType => NoteKeyRole.Log,
            WitnessType => NoteKeyRole.Witness,
            var other => throw new LogException($"verifier key '{text}': has type {other}, expected {LogType} (a log's) or {WitnessType} (a witness's)"),
        };

        if (typed.Length != 1 + Ed25519.PublicKeyBytes)
        {
            throw new LogException($"verifier key '{text}': has a public key of {typed.Length - 1} bytes, expected {Ed25519.PublicKeyBytes}");
        }

        var key = new VerifierKey(match.Groups["name"].Value, role, typed[1..]);
        return uint.Parse(match.Groups["id"].ValueSpan, NumberStyles.AllowHexSpecifier) == key.Id
            ? key
            : throw new LogException($"verifier key '{text}': its ID is not that of name and key, {key.Id:x8}");
    }

    internal static VerifierKey Of(string name, NoteKeyRole role, byte[] publicKey) => new(name, role, publicKey);

    /// <summary>RFC 8410 §4 SubjectPublicKeyInfo, DER.</summary>
    internal byte[] PublicKeyInfo() => [.. PublicKeyInfoStart, .. _publicKey];

    /// <summary>The line, without a line feed.</summary>
    public override string ToString() => $"{Label}+{Convert.ToBase64String([TypeOf(Role), .. _publicKey])}";

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

        return Role == NoteKeyRole.Log
            ? Ed25519.Verify(_publicKey, Encoding.UTF8.GetBytes(text), bytes)
            : Cosignature.FindTime(bytes) is { } time
                && Ed25519.Verify(_publicKey, Cosignature.Message(text, time), bytes[Cosignature.TimeBytes..]);
    }

    private static byte TypeOf(NoteKeyRole role) => role == NoteKeyRole.Log ? LogType : WitnessType;

    /// <summary>Source: C2SP signed-note.md, "key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]".</summary>
    private static uint ComputeId(string name, NoteKeyRole role, byte[] publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', TypeOf(role), .. publicKey]));

    [GeneratedRegex(@"\A(?<name>[^+\n]+)\+(?<id>[0-9a-f]{8})\+(?<key>[A-Za-z0-9+/=]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
