using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Whoever gets hold of a statement signs it with a key of their own, and brings it first.</summary>
public sealed class SquattingTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(TestCertificates.Now);

    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _ada = SigningKey.Create("Ada", TestCertificates.From);
    private readonly SigningKey _mallory = SigningKey.Create("Mallory", TestCertificates.From);

    private string Squatted => $"is by another key than the statement names: '{_ada.Signer.PublicKey}' was to sign it, '{_mallory.Signer.PublicKey}' of Mallory did";

    public void Dispose()
    {
        _sample.Dispose();
        _receiver.Dispose();
        _folder.Dispose();
        _ada.Dispose();
        _mallory.Dispose();
    }

    [Fact]
    public void A_statement_names_the_key_and_one_key_makes_one_statement()
    {
        byte[] statement = Bound(_ada);
        string key = Digest.Of(_ada.Certificate.PublicKey.ExportSubjectPublicKeyInfo()).Hex;

        Assert.Contains($"\"predicateType\":\"urn:x-prov:image/v1\",\"signer\":\"sha256:{key}\",\"subject\":[", Encoding.UTF8.GetString(statement), StringComparison.Ordinal);
        Assert.Equal(statement, RecordJson.Serialize(RecordJson.ParseImage(statement)));
        Assert.Equal(statement, Bound(_ada));
        Assert.NotEqual(statement, Bound(_mallory));
    }

    [Fact]
    public void What_names_no_signer_or_another_is_not_signed_any_more()
    {
        var signer = new StatementSigner(_receiver.Layout, Clock);

        Assert.NotEqual(0, signer.Sign(Bound(_ada), _ada).P7s.Length);
        foreach (byte[] statement in new[] { Bound(_mallory), Unbound() })
        {
            var refused = Assert.Throws<TrustException>(() => signer.Sign(statement, _ada));
            Assert.Contains("does not name the key of Ada as its signer", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_key_does_not_sign_it_and_a_renewed_certificate_of_the_same_does()
    {
        byte[] statement = Bound(_ada);
        using var renewed = Renewed();

        Assert.Equal(SignatureOutcome.Valid, Verify(statement, _ada).Outcome);
        Assert.NotEqual(_ada.Signer.Fingerprint, renewed.Signer.Fingerprint);
        Assert.Equal(SignatureOutcome.Valid, Verify(statement, renewed).Outcome);
        var squatted = Verify(statement, _mallory);
        Assert.Equal((SignatureOutcome.Wrong, Squatted), (squatted.Outcome, squatted.Problem));
        Assert.Null(squatted.Signer);
        Assert.Equal(SignatureOutcome.Valid, Verify(Unbound(), _mallory).Outcome);
    }

    [Theory]
    [InlineData("\"signer\":\"0000\",", "is over a statement whose signer is no digest of a key")]
    [InlineData("\"signer\":{\"sha256\":\"00\"},", "is over a statement whose signer is no digest of a key")]
    [InlineData("\"signer\":\"KEY\",\"signer\":\"KEY\",", "is over a statement that names two signers")]
    [InlineData("\"signer\":\"KEY\",\"sign\\u0065r\":\"KEY\",", "is over a statement that names two signers")]
    public void What_could_be_read_in_two_ways_is_signed_by_nobody(string members, string problem)
    {
        string key = _ada.Signer.PublicKey.ToString();
        byte[] statement = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Unbound())
            .Replace("\"subject\":[", members.Replace("KEY", key, StringComparison.Ordinal) + "\"subject\":[", StringComparison.Ordinal));

        var verified = Verify(statement, _ada);

        Assert.Equal((SignatureOutcome.Malformed, problem), (verified.Outcome, verified.Problem));
    }

    [Fact]
    public void The_archive_takes_it_from_nobody_else_and_afterwards_from_its_signer()
    {
        byte[] statement = Bound(_ada);
        var intake = _sample.Archive.Intake();

        var refused = Assert.Throws<TrustException>(() => intake.Accept(RecordKind.Image, statement, Sign(statement, _mallory)));
        Assert.Contains(Squatted, refused.Message, StringComparison.Ordinal);
        var record = intake.Accept(RecordKind.Image, statement, Sign(statement, _ada));

        using var finder = _sample.Archive.Finder();
        Assert.Equal("Ada", Signer.Of(finder.Read(finder.Get(record.Hex)))!.Name);
    }

    [Fact]
    public void A_second_signature_of_another_algorithm_is_bound_as_well()
    {
        using var second = SigningKey.Create("Ada", TestCertificates.From, KeyAlgorithm.MlDsa65);
        using var squatter = SigningKey.Create("Mallory", TestCertificates.From, KeyAlgorithm.MlDsa65);
        byte[] run = _sample.Archive.Blobs.Read(_sample.Run, CanonicalJson.MaxBytes);
        var endorser = new Endorser(_sample.Archive.Blobs, Catalog.SampleArchive.Sync, Clock, new Recorder { Name = "prov", Version = "1" });
        var endorsement = endorser.Endorse(RecordKind.Run, run, second).Endorsement;
        byte[] statement = _sample.Archive.Blobs.Read(endorsement, CanonicalJson.MaxBytes);

        Assert.Equal(second.Signer.PublicKey, RecordJson.ParseEndorsement(statement).Signer);
        Assert.Equal(SignatureOutcome.Valid, Verify(statement, second).Outcome);
        foreach (var other in new[] { squatter, _mallory })
        {
            var refused = Assert.Throws<TrustException>(
                () => _sample.Archive.Intake().Accept(RecordKind.Endorsement, statement, Sign(statement, other)));
            Assert.Contains($"'{second.Signer.PublicKey}' was to sign it", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bundle_in_which_somebody_else_has_signed_it_is_refused_and_the_real_one_is_taken()
    {
        Assert.Contains(
            Squatted, Assert.Throws<BundleException>(() => _receiver.Import(Bundle(Bound(_ada), _mallory))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_receiver.Contents, file => file.StartsWith("blobs/", StringComparison.Ordinal));

        var imported = Assert.Single(_receiver.Import(Bundle(Bound(_ada), _ada)).Records);

        Assert.True(imported.IsNew);
        Assert.Equal("Ada", imported.Signature.Signer!.Name);
    }

    [Fact]
    public void Of_an_older_statement_the_first_signature_is_kept_and_the_other_told_of()
    {
        _receiver.Import(Bundle(Unbound(), _mallory));

        var told = Assert.Single(_receiver.Import(Bundle(Unbound(), _ada)).Records);

        Assert.False(told.IsNew);
        Assert.Equal(("Ada", "Mallory"), (told.Signature.Signer!.Name, told.KeptSigner!.Name));
        using var finder = _receiver.Finder();
        Assert.Equal("Mallory", Signer.Of(finder.Read(finder.Get(told.Record.Hex)))!.Name);

        // What the one who is kept out can do, and what is no news: the same key again, under whatever certificate.
        using var renewed = Renewed();
        var other = new Receiver();
        other.Import(Bundle(Unbound(), _ada));
        Assert.Null(Assert.Single(other.Import(Bundle(Unbound(), renewed)).Records).KeptSigner);
        other.Dispose();
    }

    [Fact]
    public void The_script_refuses_it_too()
    {
        Tool.Require("openssl");
        using var renewed = Renewed();
        File.WriteAllBytes(Path.Combine(_folder.Path, "ada"), Bundle(Bound(_ada), _ada));
        File.WriteAllBytes(Path.Combine(_folder.Path, "renewed"), Bundle(Bound(_ada), renewed));
        File.WriteAllBytes(Path.Combine(_folder.Path, "mallory"), Bundle(Bound(_ada), _mallory));
        File.WriteAllBytes(Path.Combine(_folder.Path, "older"), Bundle(Unbound(), _mallory));

        Assert.Equal(0, Script("ada", _ada).Status);
        Assert.Equal(0, Script("renewed", renewed).Status);
        Assert.Equal(0, Script("older", _mallory).Status);
        var (status, output) = Script("mallory", _mallory);
        Assert.Equal(1, status);
        Assert.Contains(
            $"names key {_ada.Signer.PublicKey.Hex} as its signer, and key {_mallory.Signer.PublicKey.Hex} has signed it", output, StringComparison.Ordinal);
    }

    private (int Status, string Output) Script(string bundle, SigningKey by) => Tool.Run(
        _folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh"), "--fingerprint", by.Signer.Fingerprint.Hex, bundle);

    /// <summary>Of this one record.</summary>
    private byte[] Bundle(byte[] statement, SigningKey by)
    {
        var files = _sample.Files(new ExportOptions(), _sample.Image);
        files.Replace(_sample.Image, statement, Sign(statement, by));
        return files.Tar();
    }

    private SigningKey Renewed()
    {
        using var key = _ada.Certificate.GetECDsaPrivateKey()!;
        var request = new CertificateRequest("CN=Ada", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var certificate = request.CreateSelfSigned(TestCertificates.From.AddYears(1), TestCertificates.Until);
        return SigningKey.Of(certificate);
    }

    private static byte[] Bound(SigningKey key) => RecordJson.Serialize(RecordSamples.Image() with { Signer = key.Signer.PublicKey });

    private static byte[] Unbound() => RecordJson.Serialize(RecordSamples.Image());

    private static byte[] Sign(byte[] statement, SigningKey key) => CmsSigner.Sign(statement, key, Clock);

    private static SignatureVerification Verify(byte[] statement, SigningKey key) =>
        CmsVerifier.Verify(statement, Sign(statement, key), TrustedCertificates.FromFiles([]), TestCertificates.Now);
}
