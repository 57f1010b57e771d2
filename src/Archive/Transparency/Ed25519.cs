using System.Security.Cryptography;
using Rfc8032 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace Provenance.Archive.Transparency;

/// <summary>Ed25519, which .NET has not (dotnet/runtime#63174). The one place that knows where it comes from.</summary>
/// <remarks>Source: RFC 8032 §5.1. A point that is not in its one encoding, or a scalar that is not reduced, is refused (§5.1.7).</remarks>
internal static class Ed25519
{
    public const int SeedBytes = 32;
    public const int PublicKeyBytes = 32;
    public const int SignatureBytes = 64;

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedBytes);

    public static byte[] PublicKey(byte[] seed)
    {
        byte[] key = new byte[PublicKeyBytes];
        Rfc8032.GeneratePublicKey(seed, 0, key, 0);
        return key;
    }

    public static byte[] Sign(byte[] seed, byte[] message)
    {
        byte[] signature = new byte[SignatureBytes];
        Rfc8032.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    public static bool Verify(byte[] publicKey, byte[] message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == PublicKeyBytes
        && signature.Length == SignatureBytes
        && Rfc8032.Verify(signature.ToArray(), 0, publicKey, 0, message, 0, message.Length);
}
