using System.Globalization;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>A statement in an envelope of DSSE, for verifiers that know no CMS.</summary>
/// <remarks>
/// Source: DSSE v1.0.2, protocol.md and envelope.md. It is signed when it is made, by whoever makes it: it says that they vouch for the statement,
/// not who signed the record, and it has neither time stamp nor place in a log. The record's own signature is CMS, and remains the one that counts here.
/// </remarks>
public static class DsseEnvelope
{
    /// <param name="statement">Its exact bytes.</param>
    /// <param name="key">Of whoever vouches: ECDSA is DER, RSA is PSS, both over SHA-2 as strong as the key.</param>
    /// <exception cref="TrustException">The agent that holds the key does not sign.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> statement, SigningKey key)
    {
        string payload = Convert.ToBase64String(statement);
        byte[] signature = key.Generator.SignData(PreAuthenticationEncoding(statement), key.Hash);
        return PrettyJson.Of(json =>
        {
            json.WriteString("payload", payload);
            json.WriteString("payloadType", MediaTypes.Statement);
            json.WriteStartArray("signatures");
            json.WriteStartObject();
            json.WriteString("keyid", key.Signer.Fingerprint.ToString());
            json.WriteString("sig", Convert.ToBase64String(signature));
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    /// <summary>protocol.md: <c>PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body</c>.</summary>
    internal static byte[] PreAuthenticationEncoding(ReadOnlySpan<byte> statement)
    {
        string head = string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(MediaTypes.Statement)} {MediaTypes.Statement} {statement.Length} ");
        return [.. Encoding.UTF8.GetBytes(head), .. statement];
    }
}
