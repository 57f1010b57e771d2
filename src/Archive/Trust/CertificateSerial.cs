using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Serial numbers of certificates, made from their key, so that nothing in a certificate is random but the key.</summary>
internal static class CertificateSerial
{
    private const int Bytes = 16;

    /// <summary>RFC 5280 §4.1.2.2: positive, at most 20 bytes.</summary>
    public static byte[] Of(PublicKey key) => Shape(Digest.Of(key.ExportSubjectPublicKeyInfo()));

    /// <summary>An authority may certify one key more than once, each time under another number.</summary>
    public static byte[] Of(PublicKey key, DateTimeOffset from) =>
        Shape(Digest.Of([.. key.ExportSubjectPublicKeyInfo(), .. BitConverter.GetBytes(from.ToUnixTimeSeconds())]));

    private static byte[] Shape(Digest digest)
    {
        byte[] serial = digest.ToBytes()[..Bytes];
        serial[0] = (byte)(0x40 | (serial[0] & 0x3F));
        return serial;
    }
}
