using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>By what else than the name a certificate tells who its owner is. Nobody has checked it, unless whoever issued the certificate did.</summary>
/// <remarks>Source: RFC 5280 §4.2.1.6, subjectAltName: the address of mail is an rfc822Name, the ORCID iD a URI at orcid.org.</remarks>
/// <param name="Email">An address of mail, in ASCII.</param>
/// <param name="Orcid">As <see cref="Trust.Orcid"/> has it.</param>
public sealed record SignerContacts(string? Email, string? Orcid)
{
    /// <summary>RFC 5321 §4.5.3.1.3, less the angle brackets.</summary>
    private const int MaxEmailLength = 254;

    private const int MaxNames = 100;
    private const string SubjectAlternativeName = "2.5.29.17";

    // RFC 5280 §4.2.1.6, GeneralName.
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);

    public static readonly SignerContacts None = new(null, null);

    /// <summary>Whether a text can be put into a certificate as an address of mail: one @, and around it printable ASCII that needs no quoting.</summary>
    public static bool IsEmail(string text) => text.Length <= MaxEmailLength && text.Count(c => c == '@') == 1 && text[0] != '@' && text[^1] != '@'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || "@.!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal));

    /// <returns>Null where there is nothing to say.</returns>
    internal X509Extension? ToExtension()
    {
        if (Email is null && Orcid is null)
        {
            return null;
        }

        var names = new SubjectAlternativeNameBuilder();
        if (Email is not null)
        {
            names.AddEmailAddress(Email);
        }

        if (Orcid is not null)
        {
            names.AddUri(new Uri(Trust.Orcid.AddressOf(Orcid)));
        }

        return names.Build();
    }

    /// <summary>The first of each kind that is well-formed; of what cannot be read, nothing.</summary>
    internal static SignerContacts Of(X509Certificate2 certificate)
    {
        string? email = null;
        string? orcid = null;
        try
        {
            if (certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName) is not { } extension)
            {
                return None;
            }

            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            for (int count = 0; names.HasData && count < MaxNames; count++)
            {
                var tag = names.PeekTag();
                if (tag == Rfc822Name)
                {
                    string text = names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    email ??= text.Length > 0 && IsEmail(text) ? text : null;
                }
                else if (tag == UniformResourceIdentifier)
                {
                    string text = names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    orcid ??= text.Contains("orcid.org/", StringComparison.OrdinalIgnoreCase) && Trust.Orcid.TryParse(text, out string? found) ? found : null;
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // Whoever made the certificate may have put anything there.
        }

        return new SignerContacts(email, orcid);
    }
}
