using System.Formats.Asn1;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Trust;
using Xunit;
using CmsSigner = Provenance.Archive.Trust.CmsSigner;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Time stamps in a signature: what they prove, and every one that proves nothing.</summary>
public sealed class TimestampTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"https://in-toto.io/Statement/v1"}""");
    private static readonly DateTimeOffset Then = new(2023, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expiry = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _clock = new();
    private readonly X509Certificate2 _ada = TestCertificates.Person(until: Expiry);

    public void Dispose()
    {
        _clock.Dispose();
        _ada.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_signature_stamped_before_the_certificate_expired_is_trusted_long_after()
    {
        var verification = Verify(Stamped(_clock, Then));

        Assert.Null(verification.Problem);
        Assert.True(verification.IsTrusted, verification.Trust?.Reason);
        Assert.Equal(Then, verification.ProvenTime!.Time);
        Assert.Equal(Then, verification.JudgedAt);
        Assert.Equal(TimeSpan.FromSeconds(1), verification.ProvenTime.Accuracy);
        Assert.Equal(TestAuthority.DefaultPolicy, verification.ProvenTime.Policy);
        Assert.Equal("Clock", verification.ProvenTime.Authority.Name);
    }

    [Fact]
    public void Without_its_time_stamp_the_same_signature_is_judged_for_now()
    {
        var verification = Verify(Sign(stamp: null));

        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.Null(verification.ProvenTime);
        Untrusted("was no longer valid", verification);
    }

    [Fact]
    public void A_time_stamp_made_after_the_certificate_expired_shows_that_it_is_too_late() =>
        Untrusted("was no longer valid at 2025-01-01", Verify(Stamped(_clock, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero))));

    [Fact]
    public void An_authority_whose_own_certificate_has_expired_since_proves_the_time_still()
    {
        using var old = new TestAuthority(until: Expiry);

        Assert.True(Verify(Stamped(old, Then), old).IsTrusted);
    }

    [Fact]
    public void A_token_of_a_time_when_the_authority_had_no_certificate_is_refused()
    {
        using var young = new TestAuthority(from: Expiry);

        Refused("is of 2023-06-01 12:00:00Z, when its authority's certificate was not valid", Verify(Stamped(young, Then), young));
    }

    [Fact]
    public void The_time_of_an_authority_that_is_not_trusted_proves_nothing()
    {
        using var stranger = new TestAuthority();
        var verification = Verify(Stamped(stranger, Then));

        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.Null(verification.ProvenTime);
        Assert.Single(verification.Timestamps);
        Untrusted("was no longer valid", verification);
    }

    [Fact]
    public void Who_vouches_for_signers_is_not_believed_the_time()
    {
        byte[] p7s = Stamped(_clock, Then);
        var trusted = TrustedCertificates.FromFiles([Write("ada.pem", _ada), Write("root.pem", _clock.Root)]);

        Assert.Null(CmsVerifier.Verify(Statement, p7s, trusted, TestCertificates.Now).ProvenTime);
    }

    [Fact]
    public void Who_is_believed_the_time_vouches_for_no_signer()
    {
        using var eve = TestCertificates.Person("Eve", _clock.Root);
        byte[] p7s = Sign(signature => _clock.Stamp(signature, Then), eve);

        Untrusted("the certificate is not among those trusted here", Verify(p7s));
    }

    [Fact]
    public void A_token_over_another_signature_is_refused()
    {
        byte[]? other = null;
        Sign(signature => other = _clock.Stamp(signature, Then));

        Refused("is of something else", Verify(Sign(_ => other!)));
    }

    [Fact]
    public void What_is_no_token_is_refused() => Refused("is no token of RFC 3161", Verify(Sign(_ => Octets([1, 2, 3]))));

    [Fact]
    public void A_token_with_a_flipped_bit_in_its_signature_is_refused() => Refused("is not signed by its authority", Verify(Sign(signature =>
    {
        byte[] token = _clock.Stamp(signature, Then);
        token[^1] ^= 1;
        return token;
    })));

    [Theory]
    [InlineData(null, true)]
    [InlineData("1.3.6.1.5.5.7.3.4", true)]
    [InlineData("1.3.6.1.5.5.7.3.8", false)]
    public void A_token_by_a_certificate_that_is_not_for_time_stamps_alone_is_refused(string? purpose, bool critical)
    {
        using var clock = new TestAuthority(purpose: purpose, criticalPurpose: critical);

        Refused("is by a certificate that is not for time stamps alone", Verify(Stamped(clock, Then), clock));
    }

    [Fact]
    public void A_token_over_a_sha1_hash_is_refused() => Refused(
        $"its hash '{TestAuthority.Sha1}' is not accepted", Verify(Sign(signature => _clock.StampBySha1(signature, Then))));

    [Fact]
    public void A_token_signed_over_a_sha1_digest_is_refused()
    {
        using var clock = new TestAuthority { Digest = TestAuthority.Sha1 };

        Refused($"its digest algorithm '{TestAuthority.Sha1}' is not accepted", Verify(Stamped(clock, Then), clock));
    }

    [Fact]
    public void A_token_by_a_short_rsa_key_is_refused()
    {
        using var clock = new TestAuthority(rsaBits: 1024);

        Refused("RSA key is shorter than 2048 bits", Verify(Stamped(clock, Then), clock));
    }

    [Fact]
    public void A_token_by_an_rsa_key_of_usual_length_is_taken()
    {
        using var clock = new TestAuthority(rsaBits: 2048);

        Assert.True(Verify(Stamped(clock, Then), clock).IsTrusted);
    }

    [Fact]
    public void A_token_with_two_signers_is_refused()
    {
        using var clock = new TestAuthority { SignsTwice = true };

        Refused("has not one signer", Verify(Stamped(clock, Then), clock));
    }

    [Fact]
    public void A_clock_that_may_be_off_by_hours_is_refused()
    {
        using var clock = new TestAuthority { Accuracy = 2L * 3600 * 1_000_000 };

        Refused("may be off by 02:00:00", Verify(Stamped(clock, Then), clock));
    }

    [Fact]
    public void More_tokens_than_anybody_needs_are_refused() => Refused(
        "has more than 8 time stamps", Verify(WithUnsigned((Token, Enumerable.Repeat(Octets([1]), 9)))));

    [Fact]
    public void An_empty_time_stamp_attribute_is_refused() => Refused(
        "has a time stamp attribute without a token", Verify(WithUnsigned((Token, []))));

    [Fact]
    public void Another_unsigned_attribute_is_refused() => Refused(
        "has the unsigned attribute 1.2.3.4, expected none but a time stamp", Verify(WithUnsigned(("1.2.3.4", [Octets([1])]))));

    [Fact]
    public void An_unsigned_attribute_beside_the_time_stamp_is_refused() => Refused(
        "has more than one unsigned attribute", Verify(WithUnsigned(("1.2.3.4", [Octets([1])]), (Token, [Octets([1])]))));

    [Fact]
    public void Of_two_time_stamps_the_earlier_counts_and_the_later_takes_nothing_away()
    {
        byte[] both = Sign(signature => _clock.Stamp(signature, Then), more: signature => _clock.Stamp(signature, Then.AddDays(1)));
        var verification = Verify(both);
        Assert.Equal(Then, verification.ProvenTime!.Time);
        Assert.True(verification.IsTrusted);

        byte[] late = Sign(signature => _clock.Stamp(signature, Then), more: signature => _clock.Stamp(signature, Expiry.AddDays(1)));
        Assert.True(Verify(late).IsTrusted);
        Assert.Equal(Then, Verify(late).JudgedAt);
    }

    [Fact]
    public void Every_bit_of_a_token_that_is_flipped_is_noticed_or_changes_nothing_that_is_told()
    {
        byte[] token = [];
        byte[] p7s = Sign(signature => token = _clock.Stamp(signature, Then));
        var before = Verify(p7s);
        int start = p7s.AsSpan().IndexOf(token);
        Assert.True(start > 0);

        for (int bit = 0; bit < token.Length * 8; bit += 7)
        {
            byte[] changed = [.. p7s];
            changed[start + (bit / 8)] ^= (byte)(1 << (bit % 8));
            var verification = Verify(changed);
            Assert.True(
                verification.Outcome != SignatureOutcome.Valid || verification.ProvenTime is null || verification.ProvenTime.Time == before.ProvenTime!.Time,
                $"bit {bit}: {verification.ProvenTime?.Time}");
        }
    }

    private const string Token = "1.2.840.113549.1.9.16.2.14";

    private byte[] Stamped(TestAuthority clock, DateTimeOffset at) => Sign(signature => clock.Stamp(signature, at));

    private byte[] Sign(Func<byte[], byte[]>? stamp, X509Certificate2? certificate = null, Func<byte[], byte[]>? more = null)
    {
        using var key = SigningKey.Of(certificate ?? _ada);
        byte[] p7s = CmsSigner.Sign(Statement, key, new FakeTimeProvider(TestCertificates.Now), stamp);
        return more is null ? p7s : AddToken(p7s, more);
    }

    /// <summary>A second value in the attribute that is there.</summary>
    private static byte[] AddToken(byte[] p7s, Func<byte[], byte[]> stamp)
    {
        var cms = new SignedCms(new ContentInfo(Statement), detached: true);
        cms.Decode(p7s);
        var signer = cms.SignerInfos[0];
        var attribute = signer.UnsignedAttributes[0];
        byte[] first = attribute.Values[0].RawData;
        byte[] second = stamp(signer.GetSignature());
        return WithAttribute(p7s, (Token, [first, second]));
    }

    private byte[] WithUnsigned(params (string Oid, IEnumerable<byte[]> Values)[] attributes) => WithAttribute(Sign(stamp: null), attributes);

    /// <summary>Writes the message again with these unsigned attributes, whatever they are.</summary>
    private static byte[] WithAttribute(byte[] p7s, params (string Oid, IEnumerable<byte[]> Values)[] attributes)
    {
        var context0 = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var unsigned = new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true);
        var info = new AsnReader(p7s, AsnEncodingRules.DER).ReadSequence();
        string type = info.ReadObjectIdentifier();
        var signedData = info.ReadSequence(context0).ReadSequence();
        var fields = new List<byte[]>();
        while (signedData.HasData)
        {
            fields.Add(signedData.ReadEncodedValue().ToArray());
        }

        var signer = new AsnReader(fields[^1], AsnEncodingRules.DER).ReadSetOf().ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(context0))
            using (writer.PushSequence())
            {
                fields.SkipLast(1).ToList().ForEach(field => writer.WriteEncodedValue(field));
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    while (signer.HasData && !signer.PeekTag().HasSameClassAndValue(unsigned))
                    {
                        writer.WriteEncodedValue(signer.ReadEncodedValue().Span);
                    }

                    using var set = writer.PushSetOf(unsigned);
                    foreach (var (oid, values) in attributes)
                    {
                        using var attribute = writer.PushSequence();
                        writer.WriteObjectIdentifier(oid);
                        using var all = writer.PushSetOf();
                        values.ToList().ForEach(value => writer.WriteEncodedValue(value));
                    }
                }
            }
        }

        return writer.Encode();
    }

    private static byte[] Octets(byte[] content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content);
        return writer.Encode();
    }

    private SignatureVerification Verify(byte[] p7s, TestAuthority? clock = null)
    {
        var authorities = TimestampAuthorities.FromFiles([Write("clock.pem", (clock ?? _clock).Root)]);
        return CmsVerifier.Verify(Statement, p7s, TrustedCertificates.FromFiles([Write("ada.pem", _ada)], authorities), TestCertificates.Now);
    }

    private string Write(string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private static void Untrusted(string reason, SignatureVerification verification)
    {
        Assert.Null(verification.Problem);
        Assert.False(verification.IsTrusted);
        Assert.Contains(reason, verification.Trust!.Reason, StringComparison.Ordinal);
    }

    private static void Refused(string reason, SignatureVerification verification)
    {
        Assert.NotEqual(SignatureOutcome.Valid, verification.Outcome);
        Assert.Contains(reason, verification.Problem, StringComparison.Ordinal);
    }
}
