using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>schema/verify-bundle.sh, with openssl, sha256sum, tar and sh alone: what prov wrote it verifies, what was tampered with it refuses.</summary>
public sealed class VerifyBundleScriptTests : IDisposable
{
    private static readonly Dictionary<string, (Func<SampleBundle, BundleFiles, byte[]> Attack, string Message)> Attacks = new()
    {
        ["a changed blob"] = (Changed(files => files[Output] = "result 2"u8.ToArray()), $"{Output}: FAILED"),
        ["a missing output"] = (Changed(files => files.Remove(Output)), "is named by a record, and is not there"),
        ["a missing layer"] = (Changed(files => files.Remove(BundleNames.Blob(Digest.Of("layer"u8)))), "is named by a record, and is not there"),
        ["a missing statement"] = ((sample, files) => Without(files, sample.Run), "is not there"),
        ["a missing signature"] = ((sample, files) => Without(files, SignatureOf(files, sample.Run)), "its signature"),
        ["a blob that nobody names"] = (Changed(files => files.AddBlob("nobody's"u8.ToArray())), "no record names it"),
        ["a blob that is no digest's"] = (Changed(files => files.Add("blobs/sha256/evil", [])), "whose name is no digest"),
        ["a statement changed after it was signed"] = (
            (sample, files) => Resigned(files, sample.Run, text => text.Replace("\"argv\":[", "\"argv\":[\"evil\","), null), "its signature does not hold"),
        ["a signature of another record"] = (
            (sample, files) => With(files, files.ManifestText.Replace(
                SignatureOf(files, sample.Run).Hex, SignatureOf(files, sample.Image).Hex, StringComparison.Ordinal)),
            "its signature does not hold"),
        ["a signature with something behind it"] = (
            (sample, files) => Resigned(files, sample.Run, text => text, statement => [.. Mallory(statement), 5, 0]), "something stands behind its signature"),
        ["a record of another kind"] = (
            Changed(files => files.ManifestText = files.ManifestText.Replace("\"kind\":\"run\"", "\"kind\":\"replay\"")), "is of another kind"),
        ["another size than signed"] = ((sample, files) => Resigned(files, sample.Replay, text => Other(text, "\"size\":3", "\"size\":4"), Mallory), "has another size"),
        ["another SHA-512 than signed"] = (
            (sample, files) => Resigned(files, sample.Replay, text => Regex.Replace(
                text, $"(\"digest\":\"{Digest.Of("out"u8)}\",\"mediaType\":\"[^\"]*\",\"sha512\":\")[^\"]*", "${1}" + new string('0', 128)), Mallory),
            "SHA-512 of "),
        ["a bundle of another format"] = (Changed(files => files.ManifestText = files.ManifestText.Replace("bundle/v1", "bundle/v2")), "another format"),
        ["cut off between two files"] = ((_, files) => files.Builder().WithoutEnd(), "was cut off"),
        ["a symbolic link"] = ((_, files) => files.Builder().Link("certificates/a.pem", "/etc/passwd").Build(), "neither a file nor a folder"),
        ["a name that climbs"] = (Changed(files => files.Add("../evil", [])), "a name in it that leads elsewhere"),
        ["a file twice"] = (Changed(files => files.Add("README.md", [])), "a file in it twice"),
    };

    private static readonly SigningKey MallorysKey = SigningKey.Create("Mallory", TestCertificates.From);

    private readonly SampleBundle _sample = new();
    private readonly TemporaryFolder _folder = new();

    public VerifyBundleScriptTests()
    {
        Tool.Require("openssl");
        Tool.Require("tar");
    }

    public static TheoryData<string> Names => [.. Attacks.Keys];

    private static string Output => BundleNames.Blob(Digest.Of("result 1"u8));

    public void Dispose()
    {
        _sample.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_fresh_bundle_is_verified(bool bag, bool zstd)
    {
        if (zstd)
        {
            Tool.Require("zstd");
        }

        byte[] tar = _sample.Export(packing: new BundlePacking { Bag = bag, Zstd = zstd });

        var (status, output) = Verify(tar, "--fingerprint", Fingerprint(_sample));

        Assert.True(status == 0, output);
        Assert.EndsWith("verified\n", output, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(output, "signed by CN=Ada Example, whose fingerprint you gave"));
        Assert.Equal(bag, output.Contains("bag: as its manifests say", StringComparison.Ordinal));
    }

    [Fact]
    public void Endorsements_are_verified_too_and_what_this_openssl_cannot_is_said()
    {
        _sample.Endorse(_sample.Run, RecordKind.Run);
        _sample.Endorse(_sample.Run, RecordKind.Run, KeyAlgorithm.MlDsa65);

        var (_, output) = Verify(_sample.Export(), "--fingerprint", Fingerprint(_sample));

        Assert.True(Regex.Count(output, "endorsement [0-9a-f]{64}") == 2, output);
        Assert.Contains("signed by CN=Bob; nobody you named vouches for certificate", output, StringComparison.Ordinal);
        Assert.True(
            output.Contains("not checked: signed with ML-DSA, which takes OpenSSL 3.5", StringComparison.Ordinal)
            || Regex.Count(output, "signed by CN=Bob") == 2,
            output);
    }

    [Fact]
    public void Citations_are_verified_too()
    {
        _sample.Cite(_sample.Run, Doi.Parse("10.1234/example.7"), "Sines, fitted");

        var (status, output) = Verify(_sample.Export(), "--fingerprint", Fingerprint(_sample));

        Assert.True(status == 0 && Regex.Count(output, "citation [0-9a-f]{64}") == 1, output);
    }

    [Fact]
    public void Tombstones_are_verified_too()
    {
        _sample.TakeDown(_sample.Run, RecordKind.Run);

        var (status, output) = Verify(_sample.Export(), "--fingerprint", Fingerprint(_sample));

        Assert.True(status == 0 && Regex.Count(output, "tombstone [0-9a-f]{64}") == 1, output);
    }

    [Fact]
    public void A_bundle_without_what_an_endorsement_endorses_is_refused()
    {
        var endorsement = _sample.Endorse(_sample.Run, RecordKind.Run);
        byte[] tar = Resigned(
            BundleFiles.Of(_sample.Export()), endorsement, text => text.Replace(_sample.Run.Hex, new string('0', 64), StringComparison.Ordinal), Mallory);

        var (status, output) = Verify(tar, "--fingerprint", Fingerprint(_sample));

        Assert.NotEqual(0, status);
        Assert.True(output.Contains($"blob {new string('0', 64)}: is named by a record, and is not there", StringComparison.Ordinal), output);
    }

    [Fact]
    public void The_script_in_a_bundle_is_that_script_and_verifies_the_folder_it_is_in()
    {
        var files = _sample.Files(new ExportOptions { Layers = false });
        files.WriteTo(_folder.Path);

        Assert.Equal(File.ReadAllBytes(Script), files[BundleNames.Script]);
        var (status, output) = Tool.Run("/", "sh", Path.Combine(_folder.Path, "verify.sh"), "--fingerprint", $"sha256:{Fingerprint(_sample)}");
        Assert.True(status == 0, output);
        Assert.Contains("but for 1 said to be absent", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_anybody_who_vouches_it_is_whole_and_not_verified()
    {
        byte[] tar = _sample.Export();

        foreach (string[] options in (string[][])[[], ["--fingerprint", new string('0', 64)]])
        {
            var (status, output) = Verify(tar, options);
            Assert.True(status == 3, output);
            Assert.Contains($"nobody you named vouches for certificate {Fingerprint(_sample)}", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_command_line_is_told_from_a_wrong_bundle()
    {
        Assert.Equal(2, Tool.Run(_folder.Path, "sh", Script, "nowhere").Status);
        Assert.Equal(2, Tool.Run(_folder.Path, "sh", Script, "--what").Status);
        Assert.Equal(2, Tool.Run(_folder.Path, "sh", Script, "--ca", "nowhere", ".").Status);
        Assert.Equal(0, Tool.Run(_folder.Path, "sh", Script, "--help").Status);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_tampered_with_is_refused(string name)
    {
        var (attack, message) = Attacks[name];

        var (status, output) = Verify(attack(_sample, _sample.Files()), "--fingerprint", Fingerprint(_sample), "--fingerprint", MallorysKey.Signer.Fingerprint.Hex);

        Assert.True(status == 1 && output.Contains(message, StringComparison.Ordinal), $"{status}, expected '{message}'\n{output}");
    }

    [Theory]
    [InlineData("data/README.md")]
    [InlineData("bag-info.txt")]
    [InlineData("manifest-sha512.txt")]
    public void A_bag_with_a_changed_file_is_refused(string file)
    {
        var bag = BundleFiles.Of(_sample.Export(packing: new BundlePacking { Bag = true }));
        string path = bag.Names[0][..(bag.Names[0].IndexOf('/') + 1)] + file;
        bag[path] = [.. bag[path], (byte)'\n'];

        var (status, output) = Verify(bag.Tar(), "--fingerprint", Fingerprint(_sample));

        Assert.True(status == 1, output);
        Assert.Contains("manifest-", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_vouches_and_another_of_its_name_does_not()
    {
        using var authority = TestCertificates.Authority();
        using var ada = TestCertificates.Person("Ada", authority);
        using var other = TestCertificates.Authority();
        byte[] tar = SignedBy(ada, p7s => p7s).Tar();

        var (status, output) = Verify(tar, "--ca", Pem("ca.pem", authority));
        Assert.True(status == 0, output);
        Assert.Contains("for whom an authority vouches that you gave", output, StringComparison.Ordinal);

        Assert.Equal(3, Verify(tar, "--ca", Pem("other.pem", other)).Status);
    }

    [Fact]
    public void A_name_in_a_certificate_makes_no_lines_of_its_own()
    {
        using var eve = TestCertificates.Person("Eve\nverified\e[2J");

        var (status, output) = Verify(SignedBy(eve, p7s => p7s).Tar());

        Assert.True(status == 3, output);
        Assert.DoesNotContain("\nverified", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void A_certificate_that_has_expired_needs_a_time_at_which_it_had_not()
    {
        using var ada = TestCertificates.Person("Ada", until: new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        byte[] tar = SignedBy(ada, p7s => p7s).Tar();
        string print = Digest.Of(ada.RawData).Hex;

        var (now, output) = Verify(tar, "--fingerprint", print);
        Assert.True(now == 1, output);
        Assert.Contains("its certificate may not sign", output, StringComparison.Ordinal);

        long then = new DateTimeOffset(2023, 6, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(0, Verify(tar, "--fingerprint", print, "--at", $"{then}").Status);
    }

    [Fact]
    public void A_time_stamp_says_when_it_was_signed_and_a_wrong_one_is_refused()
    {
        using var ada = TestCertificates.Person("Ada", until: new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        // The clock's own certificate has expired too.
        using var clock = new TestAuthority(until: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var another = new TestAuthority();
        string[] known = ["--fingerprint", Digest.Of(ada.RawData).Hex, "--tsa", Pem("tsa.pem", clock.Root)];
        DateTimeOffset good = new(2023, 6, 1, 12, 0, 0, TimeSpan.Zero);

        var (status, output) = Verify(SignedBy(ada, p7s => clock.Embed(p7s, good)).Tar(), known);
        Assert.True(status == 0, output);
        Assert.Contains("time stamp: Jun  1 12:00:00 2023 GMT", output, StringComparison.Ordinal);

        var (late, why) = Verify(SignedBy(ada, p7s => clock.Embed(p7s, good.AddYears(1))).Tar(), known);
        Assert.True(late == 1, why);
        Assert.Contains("its certificate may not sign", why, StringComparison.Ordinal);

        var (foreign, reason) = Verify(SignedBy(ada, p7s => another.Embed(p7s, good)).Tar(), known);
        Assert.True(foreign == 1, reason);
        Assert.Contains("its time stamp does not hold", reason, StringComparison.Ordinal);

        // Taken away, by whoever passed the bundle on.
        var (stripped, what) = Verify(SignedBy(ada, p7s => p7s).Tar(), [.. known, "--at", $"{good.ToUnixTimeSeconds()}"]);
        Assert.True(stripped == 1, what);
        Assert.Matches("record [0-9a-f]{64}: its signature has no time stamp, and --tsa asks for one", what);
    }

    [Fact]
    public void A_proof_of_a_log_is_checked_up_to_the_logs_signature()
    {
        var log = new TestLog(_folder.Path);
        for (int number = 2; number < 9; number++)
        {
            _sample.Archive.Accept(number, _sample.OfTheImage);
        }

        var files = BundleFiles.Of(_sample.Export(proofs: row => log.Prove(_sample.Archive, row)));
        string[] known = ["--fingerprint", Fingerprint(_sample), "--log-key", log.VerifierKey];

        var (status, output) = Verify(files.Tar(), known);
        Assert.True(status == 0, output);
        Assert.Equal(3, Regex.Count(output, "log: entry [0-2] of 10 in log.example, under its signature"));

        string name = BundleNames.Proof(_sample.Run);
        string proof = Encoding.UTF8.GetString(files[name]);
        Refused(proof.Replace("index 1\n", "index 3\n"), "is not under the root of the checkpoint");
        Refused(proof.Replace("index 1\n", "index a[$(touch evil)]\n"), "is no number");
        Refused(proof.Replace("\nlog.example\n10\n", "\nlog.example\na[$(touch evil)]\n"), "is no number");
        Assert.False(File.Exists(Path.Combine(_folder.Path, "evil")));
        Refused(Regex.Replace(proof, "index 1\n.*\n", "index 1\n"), "is not under the root of the checkpoint");
        Refused(proof.Replace("\nlog.example\n10\n", "\nlog.example\n11\n"), "proofs/");
        Refused(proof.Replace("\u2014 log.example", "\u2014 other.example"), "is not signed by log.example");
        var sizes = Regex.Match(proof, "\u2014 log.example (.*)\n").Groups[1];
        byte[] signature = Convert.FromBase64String(sizes.Value);
        signature[20] ^= 1;
        Refused(proof.Replace(sizes.Value, Convert.ToBase64String(signature)), "the checkpoint's signature does not hold");

        files.Remove(name);
        var (stripped, what) = Verify(files.Tar(), known);
        Assert.True(stripped == 1, what);
        Assert.Contains($"record {_sample.Run.Hex}: no proof that a log holds it is there, and --log-key asks for one", what, StringComparison.Ordinal);
        Assert.Equal(0, Verify(files.Tar(), known[..2]).Status);

        void Refused(string changed, string message)
        {
            Assert.NotEqual(proof, changed);
            files[name] = Encoding.UTF8.GetBytes(changed);
            var (refused, why) = Verify(files.Tar(), known);
            Assert.True(refused == 1, why);
            Assert.Contains(message, why, StringComparison.Ordinal);
        }
    }

    private static string Script => Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh");

    private (int Status, string Output) Verify(byte[] bundle, params string[] options)
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "bundle"), bundle);
        return Tool.Run(_folder.Path, "sh", [Script, .. options, "bundle"]);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private static string Fingerprint(SampleBundle sample) =>
        new KeyStore(sample.Archive.Layout, _ => { }, TimeProvider.System).List().Single().Signer.Fingerprint.Hex;

    private static Digest SignatureOf(BundleFiles files, Digest record) =>
        files.Manifest.Records.Single(listed => listed.Record.Digest == record).Signature.Digest;

    /// <summary>The sample's bundle with every record signed by somebody else.</summary>
    private BundleFiles SignedBy(X509Certificate2 person, Func<byte[], byte[]> finish)
    {
        using var key = SigningKey.FromPem(person.ExportCertificatePem(), person.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var files = _sample.Files();
        foreach (var record in files.Manifest.Records)
        {
            byte[] statement = files[BundleNames.Blob(record.Record.Digest)];
            files.Replace(record.Record.Digest, statement, finish(Sign(statement, key)));
        }

        return files;
    }

    private static Func<SampleBundle, BundleFiles, byte[]> Changed(Action<BundleFiles> change) => (_, files) =>
    {
        change(files);
        return files.Tar();
    };

    private static byte[] With(BundleFiles files, string manifest)
    {
        files.ManifestText = manifest;
        return files.Tar();
    }

    private static byte[] Without(BundleFiles files, Digest blob)
    {
        files.RemoveBlob(blob);
        return files.Tar();
    }

    /// <summary>A record changed, with the signature that it had, or with a new one.</summary>
    private static byte[] Resigned(BundleFiles files, Digest record, Func<string, string> change, Func<byte[], byte[]>? sign)
    {
        byte[] old = files[BundleNames.Blob(record)];
        string text = change(Encoding.UTF8.GetString(old));
        // Whoever signs a statement himself names himself in it.
        text = sign is null ? text : Regex.Replace(text, "\"signer\":\"[^\"]*\"", $"\"signer\":\"{MallorysKey.Signer.PublicKey}\"");
        byte[] statement = Encoding.UTF8.GetBytes(text);
        byte[] signature = sign is null ? files[BundleNames.Blob(SignatureOf(files, record))] : sign(statement);
        files.Replace(record, statement, signature);
        return files.Tar();
    }

    private static string Other(string statement, string text, string replacement) => Regex.Replace(
        statement, $"(\"digest\":\"{Digest.Of("out"u8)}\",\"mediaType\":\"[^\"]*\",\"sha512\":\"[^\"]*\",){text}", "${1}" + replacement);

    private static byte[] Mallory(byte[] statement) => Sign(statement, MallorysKey);

    private static byte[] Sign(byte[] statement, SigningKey key) => CmsSigner.Sign(statement, key, new FakeTimeProvider(TestCertificates.From));
}
