using Provenance.Archive.Exchange;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>What the archive's own log proves, carried along in a bundle to somebody who has not the log.</summary>
public sealed class BundledProofTests : IDisposable
{
    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _sample.Dispose();
        _receiver.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Who_knows_the_logs_key_sees_that_the_log_holds_the_record()
    {
        var facts = Facts(Export(), SendersKey());

        Assert.All(facts, fact => Assert.Equal(CheckOutcome.Ok, fact.Outcome));
        Assert.Contains("entry 1 of 2 in 'prov-archive/", facts[1].Detail, StringComparison.Ordinal);
        Assert.Contains("signed by log key", facts[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_know_the_key_is_told_so()
    {
        var fact = Facts(Export(), KnownKeys.None)[1];

        Assert.Equal(CheckOutcome.Absent, fact.Outcome);
        Assert.EndsWith("the key of that log is not known here", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_proof_there_is_nothing_to_check() =>
        Assert.Equal("the bundle has no proof of a log", Facts(_sample.Export(), SendersKey())[0].Detail);

    [Fact]
    public void The_proof_of_another_record_fails()
    {
        using var finder = _sample.Archive.Finder();
        byte[] image = finder.FindProof(finder.Get(_sample.Image.Hex))!;
        byte[] tar = _sample.Export(proofs: _ => image);

        var facts = Facts(tar, SendersKey());

        Assert.Equal(CheckOutcome.Ok, facts[0].Outcome);
        Assert.Equal(CheckOutcome.Failed, facts[1].Outcome);
        Assert.StartsWith("the proof does not lead from the record", facts[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_whose_checkpoint_was_signed_by_nobody_fails()
    {
        byte[] tar = _sample.Export(proofs: row =>
        {
            byte[] proof = Proof(row);
            int signature = proof.AsSpan().LastIndexOf((byte)' ') + 12;
            proof[signature] = proof[signature] == (byte)'A' ? (byte)'B' : (byte)'A';
            return proof;
        });

        Assert.All(Facts(tar, SendersKey()), fact => Assert.Equal(CheckOutcome.Failed, fact.Outcome));
    }

    [Fact]
    public void Two_bundles_are_the_same_though_the_log_has_grown_between()
    {
        byte[] before = Export();
        _sample.Archive.Accept(7, _sample.OfTheImage);

        Assert.Equal(before, Export());
    }

    [Fact]
    public void Openssl_alone_verifies_the_proof_under_the_published_key()
    {
        Tool.Require("openssl");
        string file = Path.Combine(_folder.Path, "run.prov.tar");
        File.WriteAllBytes(file, Export());
        string certificate = Assert.Single(Directory.GetFiles(_sample.Archive.Layout.Keys, "cert.pem", SearchOption.AllDirectories));

        var (status, output) = Tool.Run(
            _folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh"),
            "--ca", certificate, "--log-key", _sample.Archive.Layout.PublishedLogKey, file);

        Assert.True(status == 0, output);
        Assert.Contains("  log: entry 1 of 2 in prov-archive/", output, StringComparison.Ordinal);
        Assert.Contains(", under its signature", output, StringComparison.Ordinal);
    }

    private byte[] Export() => _sample.Export(proofs: Proof);

    private byte[] Proof(Archive.Catalog.RecordRow row)
    {
        using var finder = _sample.Archive.Finder();
        return finder.FindProof(row)!;
    }

    private KnownKeys SendersKey() => KnownKeys.Of([LogKeyStore.FindVerifier(_sample.Archive.Layout)!]);

    /// <returns>Of image, run and replay.</returns>
    private List<VerificationCheck> Facts(byte[] tar, KnownKeys known)
    {
        var imported = _receiver.Import(tar);
        using var finder = _receiver.Finder();
        var proofs = new BundledProof(_receiver.Blobs, imported.Records, known);
        return [.. imported.Records.Select(record => proofs.Check(record.Record, finder.Get(record.Record.Hex).Signature))];
    }
}
