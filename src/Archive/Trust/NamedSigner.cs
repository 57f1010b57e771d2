using System.Text.Json;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Trust;

/// <summary>The key that a statement says signs it: SHA-256 of the SubjectPublicKeyInfo. Nobody else's signature of it is one.</summary>
/// <remarks>
/// A record is called by its statement alone. Without a name in it, whoever gets hold of a statement could sign it with another key, bring it
/// somewhere first, and be shown there as who signed; the key and not the certificate, since a certificate is renewed.
/// </remarks>
internal static class NamedSigner
{
    /// <returns>Null where none is named: in statements of before, and in what is no statement.</returns>
    /// <exception cref="CmsException">What is named is no digest, or there are two.</exception>
    public static Digest? In(ReadOnlySpan<byte> statement)
    {
        Digest? named = null;
        try
        {
            var reader = new Utf8JsonReader(statement, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool found = reader.ValueTextEquals("signer"u8);
                reader.Read();
                if (!found)
                {
                    reader.Skip();
                    continue;
                }

                if (named is not null)
                {
                    throw new CmsException(SignatureOutcome.Malformed, "is over a statement that names two signers");
                }

                named = reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString()!, out var digest)
                    ? digest
                    : throw new CmsException(SignatureOutcome.Malformed, "is over a statement whose signer is no digest of a key");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It is no JSON from here on, and so no statement of ours, whoever has signed it.
        }

        return named;
    }

    /// <exception cref="CmsException">The statement names another key.</exception>
    public static void Check(ReadOnlySpan<byte> statement, SignerCertificate signer)
    {
        if (In(statement) is { } named && named != signer.PublicKey)
        {
            throw new CmsException(
                SignatureOutcome.Wrong, $"is by another key than the statement names: '{named}' was to sign it, '{signer.PublicKey}' of {signer.Name} did");
        }
    }
}
