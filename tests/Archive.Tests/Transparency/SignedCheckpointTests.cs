using System.Text;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class SignedCheckpointTests
{
    private const string Text = "origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";

    private static readonly NoteKey Log = NoteKey.Create("origin", NoteKeyRole.Log);
    private static readonly NoteKey Witness = NoteKey.Create("w1", NoteKeyRole.Witness);
    private static readonly KnownKeys Known = KnownKeys.Of([Log.Verifier, Witness.Verifier]);

    private readonly SignedCheckpoint _signed = SignedCheckpoint.Sign(Checkpoint.Parse(Text), Log);

    [Theory]
    [InlineData("")]
    [InlineData("origin\n1\n")]
    [InlineData("origin\n01\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n-1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n+8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n9223372036854775808\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n18446744073709551624\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQy\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyh=\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=")]
    [InlineData("\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\nextension\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n")]
    [InlineData("origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— origin Az3grlgtzPIC\ntrailing")]
    [InlineData("origin\n0\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")]
    public void A_malformed_checkpoint_is_refused(string text) =>
        Assert.Throws<LogException>(() => SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(Text)]
    [InlineData(Text + "\n— origin Az3grlgtzPIC\n")]
    public void A_checkpoint_is_read_with_and_without_signatures(string text)
    {
        var read = SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(text));

        Assert.Equal(("origin", 8), (read.Checkpoint.Origin, read.Tree.Size));
        Assert.Equal(text, Encoding.UTF8.GetString(read.ToBytes()));
    }

    /// <summary>The example of C2SP tlog-checkpoint.md; its key is not published.</summary>
    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        byte[] example = Encoding.UTF8.GetBytes(
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            + "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
            + "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");

        var read = SignedCheckpoint.Parse(example);

        Assert.Equal(20852163, read.Tree.Size);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1679315147), Cosignature.FindTime(read.Note.Signatures[1].Bytes.Span));
        Assert.Equal(example, read.ToBytes());
    }

    [Fact]
    public void Log_and_witness_are_told_with_the_time()
    {
        var signatures = Reread(_signed.With(Witness.Cosign(Text, SampleLog.Noon))).Verify(Known);

        Assert.Equal(Log.Verifier, signatures.Log);
        Assert.Equal(new Cosignature(Witness.Verifier, SampleLog.Noon), Assert.Single(signatures.Cosignatures));
    }

    [Fact]
    public void A_signature_by_a_stranger_is_ignored()
    {
        var stranger = NoteKey.Create("w2", NoteKeyRole.Witness);

        var signatures = Reread(_signed.With(stranger.Cosign(Text, SampleLog.Noon))).Verify(Known);

        Assert.Equal(Log.Verifier, signatures.Log);
        Assert.Empty(signatures.Cosignatures);
    }

    [Theory]
    [InlineData("w1")]
    [InlineData("other")]
    public void A_stranger_with_the_name_or_the_ID_of_a_known_key_alone_is_ignored(string name)
    {
        uint id = name == "w1" ? Witness.Verifier.Id + 1 : Witness.Verifier.Id;

        var signatures = Reread(_signed.With(new NoteSignature(name, id, new byte[72]))).Verify(Known);

        Assert.Empty(signatures.Cosignatures);
    }

    [Fact]
    public void A_bad_signature_of_a_known_witness_refuses_the_whole_note()
    {
        var bad = Reread(_signed.With(Witness.Cosign("another text\n", SampleLog.Noon)));

        Assert.Equal(
            $"checkpoint of the log: the signature of '{Witness.Verifier.Label}' does not hold",
            Assert.Throws<LogException>(() => bad.Verify(Known)).Message);
    }

    [Fact]
    public void A_bad_signature_of_the_log_refuses_the_whole_note_whatever_others_signed()
    {
        var bad = Reread(_signed.With(Log.Sign("another text\n")).With(Witness.Cosign(Text, SampleLog.Noon)));

        Assert.Throws<LogException>(() => bad.Verify(Known));
    }

    [Fact]
    public void A_log_key_does_not_sign_for_another_origin()
    {
        var other = NoteKey.Create("another", NoteKeyRole.Log);
        var signed = Reread(SignedCheckpoint.Sign(Checkpoint.Parse(Text), other));

        Assert.Null(signed.Verify(KnownKeys.Of([Log.Verifier, other.Verifier])).Log);
    }

    [Fact]
    public void A_log_signature_cannot_be_offered_as_a_cosignature()
    {
        var line = Log.Sign(Text);
        var asWitness = new NoteSignature(Witness.Verifier.Name, Witness.Verifier.Id, line.Bytes);

        Assert.Throws<LogException>(() => Reread(_signed.With(asWitness)).Verify(Known));
    }

    [Fact]
    public void The_same_signature_twice_counts_once()
    {
        byte[] line = Encoding.UTF8.GetBytes(SignedNote.LineOf(Witness.Cosign(Text, SampleLog.Noon)));
        var twice = SignedCheckpoint.Parse([.. _signed.ToBytes(), .. line, .. line]);

        Assert.Single(twice.Verify(Known).Cosignatures);
    }

    [Fact]
    public void Every_flipped_bit_of_a_signed_checkpoint_is_noticed()
    {
        byte[] bytes = _signed.ToBytes();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(IsSignedByLog(flipped), $"bit {bit}");
        }
    }

    private static bool IsSignedByLog(byte[] bytes)
    {
        try
        {
            return SignedCheckpoint.Parse(bytes).Verify(Known).Log is not null;
        }
        catch (LogException)
        {
            return false;
        }
    }

    private static SignedCheckpoint Reread(SignedCheckpoint checkpoint) => SignedCheckpoint.Parse(checkpoint.ToBytes());
}
