using System.Security.Cryptography;
using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>The private key of a log or a witness.</summary>
/// <remarks>In a file it is the verifier key on the first line, then the seed as PKCS#8 (RFC 8410 §7) in PEM, which openssl reads as it is.</remarks>
public sealed class NoteKey
{
    private const string PemLabel = "PRIVATE KEY";

    /// <summary>DER of RFC 8410's OneAsymmetricKey up to the seed: version 0, id-Ed25519, an octet string in an octet string.</summary>
    private static readonly byte[] Pkcs8Start = Convert.FromHexString("302e020100300506032b657004220420");

    private readonly byte[] _seed;

    private NoteKey(VerifierKey verifier, byte[] seed)
    {
        Verifier = verifier;
        _seed = seed;
    }

    /// <summary>What others see of it.</summary>
    public VerifierKey Verifier { get; }

    /// <param name="name">Of a log its origin; of a witness what it is known by: an address without scheme.</param>
    /// <param name="role">Who shall sign with it.</param>
    /// <exception cref="ArgumentException">The name is empty, or has blanks or a plus.</exception>
    public static NoteKey Create(string name, NoteKeyRole role) => FromSeed(name, role, Ed25519.NewSeed());

    internal static NoteKey FromSeed(string name, NoteKeyRole role, byte[] seed) =>
        SignedNote.IsKeyName(name)
            ? new NoteKey(VerifierKey.Of(name, role, Ed25519.PublicKey(seed)), seed)
            : throw new ArgumentException("a name is not empty and has neither blanks nor a plus", nameof(name));

    /// <exception cref="LogException">The text is no such file, or its two parts are of different keys.</exception>
    public static NoteKey Parse(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        var verifier = VerifierKey.Parse(end < 0 ? text : text[..end]);
        byte[] seed = end >= 0 ? ParseSeed(text[(end + 1)..]) : throw NoKey();
        return FromSeed(verifier.Name, verifier.Role, seed) is var key && key.Verifier == verifier
            ? key
            : throw new LogException($"note key '{verifier.Label}': the private key below is another one's");
    }

    public string ToText() => $"{Verifier}\n{PemEncoding.WriteString(PemLabel, [.. Pkcs8Start, .. _seed])}\n";

    /// <summary>Signs a text as the log.</summary>
    public NoteSignature Sign(string text) => Verifier.Role == NoteKeyRole.Log
        ? Signature(Ed25519.Sign(_seed, Encoding.UTF8.GetBytes(text)))
        : throw new InvalidOperationException("a witness's key signs no text without a time");

    /// <summary>Signs a checkpoint's text as a witness.</summary>
    public NoteSignature Cosign(string text, DateTimeOffset time) => Verifier.Role == NoteKeyRole.Witness
        ? Signature(Cosignature.ToBytes(time, Ed25519.Sign(_seed, Cosignature.Message(text, time))))
        : throw new InvalidOperationException("a log's key is no witness's");

    private NoteSignature Signature(byte[] bytes) => new(Verifier.Name, Verifier.Id, bytes);

    private static byte[] ParseSeed(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != PemLabel)
        {
            throw NoKey();
        }

        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        return der.Length == Pkcs8Start.Length + Ed25519.SeedBytes && der.AsSpan().StartsWith(Pkcs8Start)
            ? der[Pkcs8Start.Length..]
            : throw NoKey();
    }

    private static LogException NoKey() => new("note key: holds no Ed25519 key in PKCS#8");
}
