using Provenance.Archive.Content;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Trust;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>schema/verify-log-proof.sh, which has no code of ours, on fresh records and on ones that were tampered with.</summary>
public sealed class VerifyLogProofByHandTests : IDisposable
{
    private readonly SampleArchive _archive = new();
    private readonly TemporaryFolder _folder = new();
    private Digest _run = null!;

    public void Dispose()
    {
        _folder.Dispose();
        _archive.Dispose();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(7, 3)]
    [InlineData(11, 10)]
    public void A_record_of_a_log_of_any_size_verifies(int records, int which)
    {
        Export(records, which);

        var (status, output) = Run();

        Assert.True(status == 0, output);
        string origin = _archive.Log.FindCheckpoint()!.Checkpoint.Origin;
        Assert.Equal($"entry {which} of {records} in log {origin}, signed by {LogKeyStore.FindVerifier(_archive.Layout)!.Id:x8}: {_run.Hex}\n", output);
    }

    [Fact]
    public void A_checkpoint_with_signatures_of_witnesses_verifies()
    {
        Export(3, 1);
        var witness = NoteKey.Create("witness.example", NoteKeyRole.Witness);
        var proof = TlogProof.Parse(File.ReadAllBytes(PathOf("proof")));
        var cosigned = proof.Checkpoint.Only(_ => false)
            .With(witness.Cosign(proof.Checkpoint.Note.Text, SampleLog.Noon))
            .With(proof.Checkpoint.Note.Signatures[0]);
        File.WriteAllBytes(PathOf("proof"), (proof with { Checkpoint = cosigned }).ToBytes());

        var (status, output) = Run();

        Assert.True(status == 0, output);
    }

    [Theory]
    [InlineData("statement", "/work", "/wörk", "the entry is not under the root of the checkpoint")]
    [InlineData("proof", "index 3", "index 2", "the entry is not under the root of the checkpoint")]
    [InlineData("proof", "index 3", "index 9", "entry 9 of 7")]
    [InlineData("proof", "index 3", "index x", "the proof has no index")]
    [InlineData("proof", "@v1", "@v2", "this is no proof")]
    [InlineData("proof", "\n7\n", "\n8\n", "the signature of the checkpoint does not hold")]
    [InlineData("vkey", "+A", "+B", "the key has another ID")]
    [InlineData("vkey", "prov-archive/", "x/", "the key has another ID")]
    public void What_was_tampered_with_does_not(string file, string from, string to, string reason)
    {
        Export(7, 3);
        string text = File.ReadAllText(PathOf(file));
        File.WriteAllText(PathOf(file), text.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal((1, $"NOT VERIFIED: {reason}\n"), Run());
    }

    [Fact]
    public void Another_signature_of_the_same_record_does_not()
    {
        Export(3, 1);
        File.WriteAllBytes(PathOf("signature"), _archive.Sign(File.ReadAllBytes(PathOf("statement"))));

        Assert.Equal((1, "NOT VERIFIED: the entry is not under the root of the checkpoint\n"), Run());
    }

    [Fact]
    public void The_key_of_another_log_does_not()
    {
        Export(3, 1);
        var other = NoteKey.Create("other.example", NoteKeyRole.Log);
        File.WriteAllText(PathOf("vkey"), $"{other.Verifier}\n");

        Assert.Equal((1, $"NOT VERIFIED: the checkpoint is of log '{_archive.Log.FindCheckpoint()!.Checkpoint.Origin}'\n"), Run());
    }

    [Fact]
    public void A_key_of_the_same_name_that_did_not_sign_does_not()
    {
        Export(3, 1);
        var other = NoteKey.Create(_archive.Log.FindCheckpoint()!.Checkpoint.Origin, NoteKeyRole.Log);
        File.WriteAllText(PathOf("vkey"), $"{other.Verifier}\n");

        Assert.Equal((1, $"NOT VERIFIED: '{other.Verifier.Label}' has not signed the checkpoint\n"), Run());
    }

    private void Export(int records, int which)
    {
        Tool.Require("openssl");
        Tool.Require("od");
        var runs = Enumerable.Range(0, records).Select(number => _archive.Accept(number)).ToList();
        _run = runs[which];
        using var finder = _archive.Finder();
        var row = finder.Get(_run.Hex);
        Assert.Equal(which, row.LogIndex);
        File.WriteAllBytes(PathOf("statement"), _archive.Blobs.Read(row.Record, int.MaxValue));
        File.WriteAllBytes(PathOf("signature"), _archive.Blobs.Read(row.Signature, CmsVerifier.MaxSignatureBytes));
        File.WriteAllBytes(PathOf("proof"), new LogProofs(_archive.Layout, SampleArchive.Sync).Make(which).ToBytes());
        File.Copy(_archive.Layout.PublishedLogKey, PathOf("vkey"));
    }

    private (int Status, string Output) Run() =>
        Tool.Run(_folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-log-proof.sh"), "statement", "signature", "proof", "vkey");

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
