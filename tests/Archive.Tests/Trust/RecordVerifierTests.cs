using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

public sealed class RecordVerifierTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(TestCertificates.Now);

    private readonly SampleArchive _archive = new();

    private BlobStore Blobs => _archive.Blobs;

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void A_good_record_holds_in_each_of_its_facts()
    {
        var verification = Verify(_archive.Sign(_archive.KeepRun()));

        Assert.Equal(["signature", "identity", "time", "trust", "endorsed", "log", "bytes"], verification.Checks.Select(check => check.Name));
        Assert.Equal(
            [CheckOutcome.Ok, CheckOutcome.Ok, CheckOutcome.Absent, CheckOutcome.Ok, CheckOutcome.Absent, CheckOutcome.Absent, CheckOutcome.Ok],
            verification.Checks.Select(check => check.Outcome));
        Assert.Equal(RecordKind.Run, verification.Kind);
        Assert.Equal("valid, ECDSA P-256 with SHA-256", verification.Checks[0].Detail);
        Assert.Equal($"Ada, certificate {_archive.Key.Signer.Fingerprint}", verification.Checks[1].Detail);
        Assert.True(verification.Holds);
    }

    [Fact]
    public void A_blob_that_is_missing_or_changed_is_named()
    {
        var (record, signature) = _archive.Sign(_archive.KeepRun());
        var kept = RecordSamples.Blob("kept output").Digest;
        var stdout = RecordSamples.Blob("out").Digest;
        File.WriteAllText(Blobs.Layout.BlobPath(kept), "kept outpux");
        File.Delete(Blobs.Layout.BlobPath(stdout));

        var bytes = Verify((record, signature)).Checks[6];

        Assert.Equal(CheckOutcome.Failed, bytes.Outcome);
        Assert.Equal(2, bytes.Problems.Count);
        Assert.Contains(bytes.Problems, problem => problem == $"blob '{stdout}' is not in the archive");
        Assert.Contains(bytes.Problems, problem => problem.Contains($"expected '{kept}'", StringComparison.Ordinal));
        Assert.EndsWith("; and 1 more", bytes.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_of_the_image_counts_when_it_is_asked_for()
    {
        var (record, signature) = _archive.Sign(_archive.KeepRun());
        File.Delete(Blobs.Layout.BlobPath(RecordSamples.Blob("layer").Digest));

        Assert.True(Verify((record, signature)).Holds);
        Assert.False(Verify((record, signature), VerificationScope.RecordAndImage).Holds);
    }

    /// <summary>A later program may have kinds of record that this one has not: that is nothing wrong, and is not good either.</summary>
    [Theory]
    [InlineData("urn:x-prov:run/v1", "urn:x-prov:run/v9", CheckOutcome.NotUnderstood, VerificationVerdict.NotUnderstood)]
    [InlineData("\"predicateType\"", "\"predicateKind\"", CheckOutcome.Failed, VerificationVerdict.Bad)]
    public void A_kind_of_record_that_is_not_known_is_not_called_wrong(string known, string other, CheckOutcome outcome, VerificationVerdict verdict)
    {
        byte[] statement = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_archive.KeepRun()).Replace(known, other, StringComparison.Ordinal));

        var verification = Verify(_archive.Sign(statement));

        Assert.Equal(CheckOutcome.Ok, verification.Checks[0].Outcome);
        Assert.Equal(outcome, verification.Checks[6].Outcome);
        Assert.Contains("predicateType", verification.Checks[6].Detail);
        Assert.Equal(verdict, verification.Verdict);
        Assert.False(verification.Holds);
    }

    [Fact]
    public void A_statement_that_was_edited_fails_by_its_signature()
    {
        byte[] statement = _archive.KeepRun();
        var (_, signature) = _archive.Sign(statement);
        byte[] edited = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(statement).Replace("\"avx2\"", "\"avx9\"", StringComparison.Ordinal));

        var verification = Verify((Blobs.Put(MediaTypes.Statement, edited).Digest, signature));

        Assert.Equal("wrong: is of another content", verification.Checks[0].Detail);
        Assert.Equal(CheckOutcome.Absent, verification.Checks[1].Outcome);
        Assert.Equal(CheckOutcome.Absent, verification.Checks[3].Outcome);
        Assert.Equal(CheckOutcome.Ok, verification.Checks[6].Outcome);
        Assert.False(verification.Holds);
    }

    [Fact]
    public void A_statement_changed_in_the_archive_is_not_even_read()
    {
        var (record, signature) = _archive.Sign(_archive.KeepRun());
        File.AppendAllText(Blobs.Layout.BlobPath(record), " ");

        var verification = Verify((record, signature));

        Assert.Equal(CheckOutcome.Failed, verification.Checks[0].Outcome);
        Assert.Contains($"expected '{record}'", verification.Checks[0].Detail, StringComparison.Ordinal);
        Assert.Equal(7, verification.Checks.Count);
        Assert.False(verification.Holds);
    }

    [Fact]
    public void A_signer_who_is_not_trusted_here_fails_by_trust_alone()
    {
        byte[] statement = _archive.KeepRun();
        using var eve = SigningKey.Create("Eve", TestCertificates.Now);
        var record = Blobs.Put(MediaTypes.Statement, statement).Digest;
        var signature = Blobs.Put(MediaTypes.CmsSignature, CmsSigner.Sign(statement, eve, Clock)).Digest;

        var verification = Verify((record, signature));

        Assert.Equal(
            [CheckOutcome.Ok, CheckOutcome.Ok, CheckOutcome.Absent, CheckOutcome.Failed, CheckOutcome.Absent, CheckOutcome.Absent, CheckOutcome.Ok],
            verification.Checks.Select(check => check.Outcome));
        Assert.False(verification.Holds);
    }

    [Fact]
    public void The_log_is_asked_for_the_record_and_its_signature()
    {
        var (record, signature) = _archive.Sign(_archive.KeepRun());
        var failed = new VerificationCheck { Name = "log", Outcome = CheckOutcome.Failed, Detail = "is not in the log" };

        var verification = new RecordVerifier(Blobs, TrustedCertificates.Load(Blobs.Layout), Clock).Verify(
            record, signature, log: (asked, with) => asked == record && with == signature ? failed : throw new ArgumentException("other"));

        Assert.Same(failed, verification.Checks[5]);
        Assert.False(verification.Holds);
    }

    [Fact]
    public void A_signed_text_that_is_no_statement_of_ours_has_no_bytes_to_check()
    {
        var verification = Verify(_archive.Sign("{\"a\":1}"u8.ToArray()));

        Assert.Null(verification.Kind);
        Assert.Equal(CheckOutcome.Ok, verification.Checks[0].Outcome);
        Assert.Equal(CheckOutcome.Failed, verification.Checks[6].Outcome);
    }

    private RecordVerification Verify(
        (Digest Record, Digest Signature) signed, VerificationScope scope = VerificationScope.Record) =>
        new RecordVerifier(Blobs, TrustedCertificates.Load(Blobs.Layout), Clock).Verify(signed.Record, signed.Signature, scope);
}
