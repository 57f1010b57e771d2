using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The private key of a log or a witness.</summary>
/// <remarks>
/// In a file it is the verifier key on the first line, then the seed as PKCS#8 (RFC 8410 §7) in PEM, which openssl reads as it is; encrypted as the keys
/// of records are, where it is (<see cref="KeyPassphrase"/>).
/// </remarks>
public sealed class NoteKey
{
    private const string PemLabel = "PRIVATE KEY", EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    /// <summary>DER of RFC 8410's OneAsymmetricKey up to the seed: version 0, id-Ed25519, an octet string in an octet string.</summary>
    private static readonly byte[] Pkcs8Start = Convert.FromHexString("302e020100300506032b657004220420");

    /// <summary>Null when an agent holds it.</summary>
    private readonly byte[]? _seed;
    private readonly Func<byte[], byte[]> _sign;

    private NoteKey(VerifierKey verifier, byte[]? seed, Func<byte[], byte[]> sign)
    {
        Verifier = verifier;
        _seed = seed;
        _sign = sign;
    }

    /// <summary>What others see of it.</summary>
    public VerifierKey Verifier { get; }

    /// <param name="name">Of a log its origin; of a witness what it is known by: an address without scheme.</param>
    /// <param name="role">Who shall sign with it.</param>
    /// <exception cref="ArgumentException">The name is empty, or has blanks or a plus.</exception>
    public static NoteKey Create(string name, NoteKeyRole role) => FromSeed(name, role, Ed25519.NewSeed());

    internal static NoteKey FromSeed(string name, NoteKeyRole role, byte[] seed) =>
        SignedNote.IsKeyName(name)
            ? new NoteKey(VerifierKey.Of(name, role, Ed25519.PublicKey(seed)), seed, message => Ed25519.Sign(seed, message))
            : throw new ArgumentException("a name is not empty and has neither blanks nor a plus", nameof(name));

    /// <summary>A key that an agent holds.</summary>
    internal static NoteKey HeldBy(KeyAgentClient agent, VerifierKey verifier)
    {
        byte[] publicKey = verifier.PublicKeyInfo();
        return new NoteKey(verifier, null, message => agent.Sign(publicKey, message));
    }

    /// <param name="text">Of the file.</param>
    /// <param name="path">Of the file, for what is said of it.</param>
    /// <param name="mayAsk">Whether a person may be asked for the passphrase, when it takes one.</param>
    /// <exception cref="LogException">The text is no such file, or its two parts are of different keys.</exception>
    /// <exception cref="TrustException">It is encrypted, and there is no passphrase.</exception>
    /// <exception cref="CryptographicException">It is encrypted by another passphrase.</exception>
    public static NoteKey Parse(string text, string path = "note key", bool mayAsk = true)
    {
        var verifier = ParseVerifier(text);
        byte[] seed = ParseSeed(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..], path, mayAsk);
        return FromSeed(verifier.Name, verifier.Role, seed) is var key && key.Verifier == verifier
            ? key
            : throw new LogException($"note key '{verifier.Label}': the private key below is another one's");
    }

    /// <summary>The first line alone, which is never encrypted.</summary>
    /// <exception cref="LogException">There is none.</exception>
    internal static VerifierKey ParseVerifier(string text) =>
        text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? VerifierKey.Parse(text[..end]) : throw NoKey();

    /// <param name="passphrase">Null to leave it unencrypted.</param>
    public string ToText(string? passphrase = null)
    {
        byte[] pkcs8 = [.. Pkcs8Start, .. _seed ?? throw new InvalidOperationException("an agent holds this key")];
        string pem = passphrase is null
            ? PemEncoding.WriteString(PemLabel, pkcs8)
            : PemEncoding.WriteString(
                EncryptedLabel, Pkcs8PrivateKeyInfo.Decode(pkcs8, out _, skipCopy: true).Encrypt(passphrase, KeyPassphrase.Encryption));
        return $"{Verifier}\n{pem}\n";
    }

    /// <summary>Signs for an agent, whatever is to be signed.</summary>
    internal byte[] SignBytes(byte[] message) => _sign(message);

    /// <summary>Signs a text as the log.</summary>
    public NoteSignature Sign(string text) => Verifier.Role == NoteKeyRole.Log
        ? Signature(_sign(Encoding.UTF8.GetBytes(text)))
        : throw new InvalidOperationException("a witness's key signs no text without a time");

    /// <summary>Signs a checkpoint's text as a witness.</summary>
    public NoteSignature Cosign(string text, DateTimeOffset time) => Verifier.Role == NoteKeyRole.Witness
        ? Signature(Cosignature.ToBytes(time, _sign(Cosignature.Message(text, time))))
        : throw new InvalidOperationException("a log's key is no witness's");

    private NoteSignature Signature(byte[] bytes) => new(Verifier.Name, Verifier.Id, bytes);

    private static byte[] ParseSeed(string pem, string path, bool mayAsk)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] is not (PemLabel or EncryptedLabel))
        {
            throw NoKey();
        }

        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        if (pem[fields.Label] == EncryptedLabel)
        {
            string passphrase = KeyPassphrase.Read(path, mayAsk: mayAsk);
            der = Pkcs8PrivateKeyInfo.DecryptAndDecode(passphrase, der, out _).Encode();
        }

        return der.Length == Pkcs8Start.Length + Ed25519.SeedBytes && der.AsSpan().StartsWith(Pkcs8Start)
            ? der[Pkcs8Start.Length..]
            : throw NoKey();
    }

    private static LogException NoKey() => new("note key: holds no Ed25519 key in PKCS#8");
}
