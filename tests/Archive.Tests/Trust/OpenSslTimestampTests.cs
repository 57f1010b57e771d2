using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>A real authority, <c>openssl ts</c> behind HTTP: what it stamps for us we verify, and openssl alone verifies what we kept.</summary>
public sealed class OpenSslTimestampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly LoopbackServer _server;
    private byte[] _statement = [];

    public OpenSslTimestampTests()
    {
        Tool.Require("openssl");
        _layout = new StoreLayout(Path.Combine(_folder.Path, "archive"));
        Directory.CreateDirectory(_layout.TimestampTrust);
        MakeAuthority();
        _server = LoopbackServer.Replying(Reply);
        File.WriteAllText(_layout.Config, $"[time]\ntsa = [\"http://127.0.0.1:1/\", \"{_server.Address}\"]\npolicy = \"1.3.6.1.4.1.99999.7\"\n");
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_statement_is_signed_with_the_time_of_the_authority()
    {
        File.Copy(PathOf("tsaca.pem"), Path.Combine(_layout.TimestampTrust, "lab.pem"));
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-2);
        var signed = Sign();

        var verification = CmsVerifier.Verify(_statement, signed.P7s, TrustedCertificates.Load(_layout), TestCertificates.Until.AddYears(1000));

        Assert.Empty(signed.Warnings);
        Assert.Null(verification.Problem);
        Assert.True(verification.IsTrusted, verification.Trust?.Reason);
        Assert.InRange(verification.ProvenTime!.Time, before, TimeProvider.System.GetUtcNow().AddSeconds(2));
        Assert.Equal("vouched for by CN=Clock CA", verification.ProvenTime.Trust.Reason);
        Assert.Equal("1.3.6.1.4.1.99999.7", verification.ProvenTime.Policy);
    }

    [Fact]
    public void Openssl_alone_takes_the_token_out_and_verifies_it_over_the_signature_value()
    {
        File.WriteAllBytes(PathOf("s.p7s"), Sign().P7s.Span);
        File.WriteAllBytes(PathOf("statement"), _statement);
        (int start, int length)[] parts = [.. Offsets()];
        byte[] p7s = File.ReadAllBytes(PathOf("s.p7s"));
        File.WriteAllBytes(PathOf("value"), p7s[parts[0].start..(parts[0].start + parts[0].length)]);
        File.WriteAllBytes(PathOf("token"), p7s[parts[1].start..(parts[1].start + parts[1].length)]);

        Assert.Contains("Verification: OK", Openssl("ts", "-verify", "-token_in", "-in", "token", "-data", "value", "-CAfile", "tsaca.pem"), StringComparison.Ordinal);
        Assert.Contains("1.3.6.1.4.1.99999.7", Openssl("ts", "-reply", "-token_in", "-in", "token", "-token_out", "-text"), StringComparison.Ordinal);
        string certificate = new KeyStore(_layout, _ => { }, TimeProvider.System).List()[0].CertificatePath;
        Openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s", "-content", "statement", "-CAfile", certificate, "-out", "/dev/null");
    }

    [Fact]
    public void When_no_authority_answers_the_statement_is_signed_and_that_is_told()
    {
        File.WriteAllText(_layout.Config, "[time]\ntsa = \"http://127.0.0.1:1/\"\n");

        var signed = Sign();

        Assert.StartsWith("no time stamp of the signature: http://127.0.0.1:1/: ", Assert.Single(signed.Warnings), StringComparison.Ordinal);
        Assert.True(CmsVerifier.Verify(_statement, signed.P7s, TrustedCertificates.Load(_layout), TestCertificates.Now.AddDays(30)).IsTrusted);
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_costs_the_time_stamp_and_not_the_record()
    {
        File.WriteAllText(Path.Combine(_layout.TimestampTrust, "lab.pem"), "hello\n");

        var signed = Sign();

        Assert.StartsWith("no time stamp of the signature: ", Assert.Single(signed.Warnings), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", Assert.Single(signed.Warnings), StringComparison.Ordinal);
        Assert.NotEqual(0, signed.P7s.Length);
    }

    [Fact]
    public void A_reply_that_openssl_made_for_another_policy_is_refused()
    {
        File.WriteAllText(_layout.Config, $"[time]\ntsa = \"{_server.Address}\"\npolicy = \"1.3.6.1.4.1.99999.8\"\n");

        Assert.Single(Sign().Warnings);
    }

    private StampedSignature Sign()
    {
        using var key = new KeyStore(_layout, _ => { }, TimeProvider.System).Create("Ada");
        return new StatementSigner(_layout, TimeProvider.System).Sign(_statement = RecordJson.Serialize(RecordSamples.Run() with { Signer = key.Signer.PublicKey }), key);
    }

    /// <summary>Start and length of the signature value and of the token, as <c>openssl asn1parse</c> tells them.</summary>
    private IEnumerable<(int Start, int Length)> Offsets()
    {
        string[] lines = Openssl("asn1parse", "-inform", "DER", "-in", "s.p7s").Split('\n');
        int attribute = Array.FindIndex(lines, line => line.EndsWith("id-smime-aa-timeStampToken", StringComparison.Ordinal));
        int value = Array.FindLastIndex(lines, attribute, line => line.Contains("OCTET STRING", StringComparison.Ordinal));
        var (at, header, length) = Fields(lines[value]);
        yield return (at + header, length);
        (at, header, length) = Fields(lines[attribute + 2]);
        yield return (at, header + length);
    }

    /// <summary>Such as <c>  870:d=5  hl=2 l=  71 prim: OCTET STRING</c>.</summary>
    private static (int At, int Header, int Length) Fields(string line)
    {
        var match = System.Text.RegularExpressions.Regex.Match(line, @"^ *(\d+):d= *\d+ +hl= *(\d+) +l= *(\d+)");
        return (Number(1), Number(2), Number(3));

        int Number(int group) => int.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private void MakeAuthority()
    {
        Openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", "tsaca.key", "-out", "tsaca.pem",
            "-subj", "/CN=Clock CA", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign");
        Openssl("req", "-newkey", "rsa:3072", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Clock");
        File.WriteAllText(PathOf("tsa.ext"), "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n");
        Openssl("x509", "-req", "-in", "tsa.csr", "-CA", "tsaca.pem", "-CAkey", "tsaca.key", "-CAcreateserial", "-days", "3650", "-extfile", "tsa.ext", "-out", "tsa.pem");
        File.WriteAllText(PathOf("tsa.cnf"), """
            [tsa]
            default_tsa = lab
            [lab]
            serial = serial
            crypto_device = builtin
            signer_cert = tsa.pem
            certs = tsaca.pem
            signer_key = tsa.key
            signer_digest = sha256
            default_policy = 1.3.6.1.4.1.99999.7
            digests = sha256, sha512
            accuracy = secs:1
            tsa_name = no
            ess_cert_id_chain = no
            ess_cert_id_alg = sha256
            """);
        File.WriteAllText(PathOf("serial"), "01\n");
    }

    private byte[] Reply(byte[] query)
    {
        File.WriteAllBytes(PathOf("query.tsq"), query);
        Openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr");
        return File.ReadAllBytes(PathOf("reply.tsr"));
    }

    private string Openssl(params string[] arguments)
    {
        var (status, output) = Tool.Run(_folder.Path, "openssl", arguments);
        Assert.True(status == 0, output);
        return output;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
