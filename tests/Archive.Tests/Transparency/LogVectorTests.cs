using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>The test vectors of FORMAT, which were made without us.</summary>
public sealed partial class LogVectorTests
{
    private static readonly NoteKey Log = NoteKey.FromSeed(
        "prov-archive/d0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9",
        NoteKeyRole.Log,
        Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    private static readonly NoteKey Witness = NoteKey.FromSeed(
        "witness.example/w1",
        NoteKeyRole.Witness,
        Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));

    [Fact]
    public void The_keys_are_ours() => Assert.Equal($"{Log.Verifier}\n{Witness.Verifier}\n", Vector("keys"));

    [Fact]
    public void The_checkpoint_is_what_we_sign()
    {
        var tree = new TreeHead(3, Convert.FromBase64String("Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk="));
        var signed = SignedCheckpoint.Sign(new Checkpoint(Log.Verifier.Name, tree), Log);

        var cosigned = signed.With(Witness.Cosign(signed.Note.Text, SampleLog.Noon));

        Assert.Equal(Vector("checkpoint"), Encoding.UTF8.GetString(cosigned.ToBytes()));
    }

    [Fact]
    public void The_log_of_these_entries_has_that_origin_and_that_root()
    {
        using var sample = new SampleLog();

        var checkpoint = sample.Log.Append(["one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray()]);

        Assert.StartsWith(checkpoint.Note.Text, Vector("checkpoint"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_proof_holds_for_its_entry()
    {
        var proof = TlogProof.Parse(Encoding.UTF8.GetBytes(Vector("proof")));
        var signatures = proof.Checkpoint.Verify(KnownKeys.Of([Log.Verifier, Witness.Verifier]));

        Assert.True(proof.Includes("two"u8));
        Assert.False(proof.Includes("one"u8));
        Assert.Equal((Log.Verifier, SampleLog.Noon), (signatures.Log, Assert.Single(signatures.Cosignatures).Time));
        Assert.Equal(Vector("proof"), Encoding.UTF8.GetString(proof.ToBytes()));
    }

    private static string Vector(string name)
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "log.md"));
        return Block().Matches(page).Single(block => block.Groups["name"].Value == name).Groups["text"].Value;
    }

    [GeneratedRegex(@"```text log-vector-(?<name>[a-z]+)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
