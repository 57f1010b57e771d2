using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;

namespace Provenance.Fuzz;

/// <summary>Signatures, time stamps, certificates, revocation lists, requests, keys and policies.</summary>
internal static class TrustTargets
{
    private static readonly byte[] Statement = """{"_type":"https://in-toto.io/Statement/v1"}"""u8.ToArray();

    private static readonly Lazy<X509Certificate2> Ada = new(static () => TestCertificates.Person());
    private static readonly Lazy<X509Certificate2> Laboratory = new(static () => TestCertificates.Authority("Lab CA"));
    private static readonly Lazy<TestAuthority> Clock = new(static () => new TestAuthority());
    private static readonly Lazy<TrustedCertificates> Trusted = new(Trust);
    private static readonly Lazy<CertificateAuthority> Authority = new(MakeAuthority);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("cms", static () => [Sign(KeyAlgorithm.P256, true), Sign(KeyAlgorithm.Rsa3072, false), Sign(KeyAlgorithm.MlDsa65, false)], ReadCms,
            typeof(CmsException), typeof(AsnContentException)),
        new("time-stamp", static () => [Clock.Value.Stamp(Statement, TestCertificates.Now)], ReadToken, typeof(CmsException)),
        new("certificate", SomeCertificates, FuzzTarget.OneOf(ReadCertificate, ReadKey), typeof(TrustException)),
        new("revocation-list", static () => [List()], ReadList, typeof(TrustException)),
        new("certificate-request", static () => [Request()], ReadRequest, typeof(TrustException)),
        new("settings", SomeSettings, FuzzTarget.OneOf(
            static input => TrustPolicy.FromFile(FuzzFolder.Write("policy.toml", input)),
            ReadSettings), typeof(ArchiveException)),
        new("key-agent", static () => [Frame()], ReadFrame, typeof(IOException)),
    ];

    private static byte[] Sign(KeyAlgorithm algorithm, bool stamped)
    {
        var now = new FakeTimeProvider(TestCertificates.Now);
        using var key = algorithm == KeyAlgorithm.P256 ? SigningKey.Of(Ada.Value) : SigningKey.Create("Ada", TestCertificates.Now, algorithm);
        return stamped
            ? CmsSigner.Sign(Statement, key, now, signature => Clock.Value.Stamp(signature, TestCertificates.Now))
            : CmsSigner.Sign(Statement, key, now);
    }

    private static TrustedCertificates Trust()
    {
        string ada = FuzzFolder.Write("ada.pem", Encoding.ASCII.GetBytes(Ada.Value.ExportCertificatePem()));
        string clock = FuzzFolder.Write("clock.pem", Encoding.ASCII.GetBytes(Clock.Value.Root.ExportCertificatePem()));
        return TrustedCertificates.FromFiles([ada], TimestampAuthorities.FromFiles([clock]));
    }

    private static CertificateAuthority MakeAuthority()
    {
        var layout = new StoreLayout(FuzzFolder.At("archive"));
        Directory.CreateDirectory(layout.Keys);
        return CertificateAuthority.Create(layout, "Lab", static _ => { }, new FakeTimeProvider(TestCertificates.Now));
    }

    private static void ReadCms(byte[] input)
    {
        var verification = CmsVerifier.Verify(Statement, input, Trusted.Value, TestCertificates.Now);
        BrokenPromiseException.ThrowUnless(
            verification.Outcome != SignatureOutcome.Valid || verification.Signer is not null, "a valid signature is nobody's");
        CmsVerifier.FindCertificates(input, out _);
        CmsReader.Read(input);
    }

    private static void ReadToken(byte[] input)
    {
        var token = TimestampToken.Verify(input, static name => CryptographicOperations.HashData(name, Statement), TimestampAuthorities.None);
        BrokenPromiseException.ThrowUnless(!token.Trust.IsTrusted, "a clock is trusted that nobody has said to trust");
    }

    private static IEnumerable<byte[]> SomeCertificates()
    {
        byte[] pem = Encoding.ASCII.GetBytes(Ada.Value.ExportCertificatePem());
        yield return FuzzTarget.Of(0, pem);
        yield return FuzzTarget.Of(1, Ada.Value.Export(X509ContentType.Pkcs12, ""));
        using var key = Ada.Value.GetECDsaPrivateKey()!;
        yield return FuzzTarget.Of(1, [.. pem, (byte)'\n', .. Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())]);
    }

    private static void ReadCertificate(byte[] input)
    {
        foreach (var certificate in CertificateFileReader.ReadAll(FuzzFolder.Write("some.pem", input)))
        {
            using (certificate)
                _ = SignerCertificate.Of(certificate);
        }
    }

    private static void ReadKey(byte[] input) => ForeignKeyFile.Read(FuzzFolder.Write("some.key", input)).Dispose();

    private static byte[] List()
    {
        using var eve = TestCertificates.Person("Eve", Laboratory.Value);
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(eve, TestCertificates.Now.AddDays(-1), X509RevocationReason.KeyCompromise);
        return list.Build(
            Laboratory.Value, 1, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, TestCertificates.Now);
    }

    private static void ReadList(byte[] input)
    {
        var some = RevocationLists.Of([("lab.crl", input)], [Laboratory.Value], Ada.Value, 4);
        some.Problem(Ada.Value, TestCertificates.Now);
        some.PublishedFor(Ada.Value, TestCertificates.Now);
        some.PublishedTooLateFor(Ada.Value);
        RevocationLists.Describe(input, [Laboratory.Value], Ada.Value);
    }

    private static byte[] Request()
    {
        using var key = SigningKey.Of(Ada.Value);
        return Encoding.ASCII.GetBytes(key.RequestPem());
    }

    private static void ReadRequest(byte[] input)
    {
        string issued = Authority.Value.Issue(Encoding.Latin1.GetString(input), TimeSpan.FromDays(1));
        using var certificate = X509Certificate2.CreateFromPem(issued);
        BrokenPromiseException.ThrowUnless(certificate.Issuer == "CN=Lab", "a certificate is issued in another's name");
    }

    private static IEnumerable<byte[]> SomeSettings()
    {
        yield return FuzzTarget.Of(0, Encoding.UTF8.GetBytes(
            $"[require]\ntime = true\nlog = false\n[[signer]]\nname = \"Ada\"\ncertificate = \"{Digest.Of("a"u8).Hex}\"\nmay = [\"run\"]\nuntil = 2027-01-01\n"));
        yield return FuzzTarget.Of(1, """
            [archive]
            max_bytes = "5 GiB"
            [time]
            tsa = ["http://a/", "http://b/"]
            policy = "1.2.3"
            [log]
            witness = "http://c/"
            cosignatures = 1

            """u8);
    }

    private static void ReadSettings(byte[] input)
    {
        var layout = new StoreLayout(FuzzFolder.At("settings"));
        Directory.CreateDirectory(layout.Root);
        FuzzFolder.Write(Path.GetRelativePath(FuzzFolder.At("."), layout.Config), input);
        ArchiveSettings.Read(layout);
    }

    private static byte[] Frame()
    {
        using var stream = new MemoryStream();
        KeyAgentProtocol.Write(stream, KeyAgentProtocol.Sign, new byte[40]);
        return stream.ToArray();
    }

    private static void ReadFrame(byte[] input)
    {
        using var stream = new MemoryStream(input);
        while (KeyAgentProtocol.Read(stream) is { } frame)
            BrokenPromiseException.ThrowUnless(frame.Length is >= 1 and <= KeyAgentProtocol.MaxFrameBytes, "a frame is longer than any may be");
    }
}
