using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>The ORCID iD and the address of mail in a certificate: written, read again, and read from what others put there.</summary>
public sealed class SignerContactsTests : IDisposable
{
    private const string Id = "0000-0002-1825-0097";
    private const string Mail = "j.carberry@brown.example";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KeyAlgorithm.P256, Mail, Id)]
    [InlineData(KeyAlgorithm.Rsa3072, null, Id)]
    [InlineData(KeyAlgorithm.MlDsa65, Mail, null)]
    [InlineData(KeyAlgorithm.P384, null, null)]
    public void What_is_put_into_a_certificate_stands_in_it(KeyAlgorithm algorithm, string? email, string? orcid)
    {
        using var key = SigningKey.Create("Josiah Carberry", RecordSamples.Start, algorithm, new SignerContacts(email, orcid));

        Assert.Equal((email, orcid), (key.Signer.Email, key.Signer.Orcid));
        Assert.Equal(email is not null || orcid is not null, key.Certificate.Extensions.Any(extension => extension.Oid?.Value == "2.5.29.17"));
    }

    [Fact]
    public void A_request_has_them_and_an_authority_that_did_not_check_them_does_not_vouch_for_them()
    {
        using var key = SigningKey.Create("Josiah Carberry", RecordSamples.Start, contacts: new SignerContacts(Mail, Id));
        var clock = new FakeTimeProvider(RecordSamples.Start);
        using var authority = CertificateAuthority.Create(new StoreLayout(_folder.Path), "Example CA", _ => { }, clock);

        string request = key.RequestPem();
        using var issued = X509Certificate2.CreateFromPem(authority.Issue(request, TimeSpan.FromDays(30)));

        var asked = CertificateRequest.LoadSigningRequestPem(
            request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        Assert.Contains(asked.CertificateExtensions, extension => extension.Oid?.Value == "2.5.29.17");
        var signer = SignerCertificate.Of(issued);
        Assert.Equal(("Josiah Carberry", null, null), (signer.Name, signer.Email, signer.Orcid));
    }

    /// <summary>Whoever makes a certificate may put anything into it.</summary>
    [Theory]
    [InlineData("u:https://orcid.org/0000-0002-1825-0098", null, null)]
    [InlineData("u:https://orcid.example/0000-0002-1825-0097", null, null)]
    [InlineData("u:javascript:alert(1)//orcid.org/0000-0002-1825-0097", null, null)]
    [InlineData("u:http://orcid.org/0000-0002-1825-0097", null, Id)]
    [InlineData("d:host.example|m:a b@c|m:x@y@z|m:real@host.example|m:second@host.example", "real@host.example", null)]
    [InlineData("m:\"<script>\"@host.example|m:@host.example|m:a@", null, null)]
    [InlineData("", null, null)]
    public void Of_what_others_put_there_the_first_that_is_well_formed_counts(string names, string? email, string? orcid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string name in names.Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                int tag = name[0] switch { 'm' => 1, 'd' => 2, _ => 6 };
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name[2..], new Asn1Tag(TagClass.ContextSpecific, tag));
            }
        }

        Assert.Equal(new SignerContacts(email, orcid), SignerContacts.Of(With(writer.Encode())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3084FFFFFFFF")]
    [InlineData("300386017F")]
    [InlineData("30038601FF")]
    [InlineData("0500")]
    public void What_is_no_list_of_names_says_nothing(string hex) =>
        Assert.Equal(SignerContacts.None, SignerContacts.Of(With(Convert.FromHexString(hex))));

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("o'neill+x@mail.example.org", true)]
    [InlineData("a@b@c", false)]
    [InlineData("a b@c", false)]
    [InlineData("ä@b", false)]
    [InlineData("a@b\n", false)]
    [InlineData("<a@b>", false)]
    public void An_address_has_one_at_sign_and_needs_no_quoting(string text, bool isOne) => Assert.Equal(isOne, SignerContacts.IsEmail(text));

    private static X509Certificate2 With(byte[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", names, critical: false));
        return request.CreateSelfSigned(RecordSamples.Start, RecordSamples.Start.AddDays(1));
    }
}
