using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>The commands of schema/FORMAT.d/records.md and trust.md, run as they stand there.</summary>
public sealed partial class VerifyByHandTests : IDisposable
{
    private readonly SampleArchive _archive = new();

    public VerifyByHandTests() => Tool.Require("openssl");

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void A_good_record_is_verified()
    {
        var (status, output) = ByHand(_archive.Sign(_archive.KeepRun()));

        Assert.True(status == 0, output);
        Assert.StartsWith("verified\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endorsement_is_verified_with_what_it_endorses()
    {
        byte[] run = _archive.KeepRun();
        _archive.Blobs.Put(MediaTypes.OctetStream, run);
        var sample = RecordSamples.Endorsement().Predicate;
        byte[] endorsement = RecordJson.Serialize(EndorsementStatement.Of(sample with { Record = LeafBlob.Of(run) }));

        var (status, output) = ByHand(_archive.Sign(endorsement));

        Assert.True(status == 0, output);
        File.AppendAllText(_archive.Blobs.Layout.BlobPath(Digest.Of(run)), " ");
        Assert.NotEqual(0, ByHand(_archive.Sign(endorsement)).Status);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("manifest")]
    public void A_changed_blob_is_found(string content)
    {
        var signed = _archive.Sign(_archive.KeepRun());
        File.WriteAllText(_archive.Blobs.Layout.BlobPath(RecordSamples.Blob(content).Digest), content + "!");

        Assert.NotEqual(0, ByHand(signed).Status);
    }

    [Fact]
    public void A_signature_with_something_behind_it_is_found()
    {
        var (record, signature) = _archive.Sign(_archive.KeepRun());
        byte[] longer = [.. _archive.Blobs.Read(signature, CmsVerifier.MaxSignatureBytes), 0];

        Assert.NotEqual(0, ByHand((record, _archive.Blobs.Put(MediaTypes.CmsSignature, longer).Digest)).Status);
    }

    [Fact]
    public void A_signature_of_another_statement_is_found()
    {
        byte[] statement = _archive.KeepRun();
        var (record, _) = _archive.Sign(statement);
        var (_, other) = _archive.Sign([.. statement, (byte)' ']);

        Assert.NotEqual(0, ByHand((record, other)).Status);
    }

    [Fact]
    public void A_time_stamp_is_verified_when_signer_and_authority_have_both_expired_since()
    {
        var then = new DateTimeOffset(2023, 6, 1, 12, 0, 0, TimeSpan.Zero);
        using var clock = new TestAuthority(until: then.AddDays(10));
        using var ada = TestCertificates.Person(until: then.AddDays(20));

        var (status, output) = TimeByHand(clock, ada, then);
        Assert.True(status == 0, output);
        Assert.Contains("signed before Jun  1 12:00:00 2023 GMT", output, StringComparison.Ordinal);

        using var late = TestCertificates.Person(until: then.AddDays(-1));
        Assert.NotEqual(0, TimeByHand(clock, late, then).Status);
    }

    private (int Status, string Output) TimeByHand(TestAuthority clock, X509Certificate2 signer, DateTimeOffset at)
    {
        byte[] statement = _archive.KeepRun();
        using var key = SigningKey.Of(signer);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "statement"), statement);
        File.WriteAllBytes(
            Path.Combine(folder.Path, "s.p7s"), CmsSigner.Sign(statement, key, new FakeTimeProvider(at), signature => clock.Stamp(signature, at)));
        File.WriteAllText(Path.Combine(folder.Path, "clock.pem"), clock.Root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.Path, "signer.pem"), signer.ExportCertificatePem());
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "trust.md"));
        return Tool.Run(
            folder.Path, "env", "STATEMENT=statement", "SIGNATURE=s.p7s", "TSA=clock.pem", "CERTIFICATE=signer.pem", "sh", "-c",
            TimeBlock().Match(page).Groups[1].Value);
    }

    private (int Status, string Output) ByHand((Digest Record, Digest Signature) signed)
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "records.md"));
        string certificate = Assert.Single(Directory.GetFiles(_archive.Blobs.Layout.Keys, "cert.pem", SearchOption.AllDirectories));
        return Tool.Run(
            _archive.Blobs.Layout.Root,
            "env",
            $"RECORD={signed.Record.Hex}",
            $"SIGNATURE={signed.Signature.Hex}",
            $"CERTIFICATE={certificate}",
            "sh",
            "-c",
            Block().Match(page).Groups[1].Value);
    }

    [GeneratedRegex(@"```sh verify-by-hand\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"```sh time-by-hand\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex TimeBlock();
}
