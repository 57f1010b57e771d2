using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class VerifierKeyTests
{
    // golang.org/x/mod/sumdb/note, note_test.go.
    private const string Peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void A_key_is_written_as_it_was_read()
    {
        var key = VerifierKey.Parse(Peter);

        Assert.Equal(("PeterNeumann", 0xc74f20a3u, NoteKeyRole.Log, "PeterNeumann+c74f20a3"), (key.Name, key.Id, key.Role, key.Label));
        Assert.Equal(Peter, key.ToString());
    }

    [Fact]
    public void No_part_of_a_key_and_no_key_with_one_other_character_is_a_key()
    {
        for (int from = 0; from <= Peter.Length; from++)
        {
            for (int to = from + 1; to <= Peter.Length; to++)
            {
                Assert.True(to - from == Peter.Length || !IsKey(Peter[from..to]), Peter[from..to]);
            }

            if (from < Peter.Length)
            {
                string changed = Peter[..from] + (char)(Peter[from] + 1) + Peter[(from + 1)..];
                Assert.False(IsKey(changed), changed);
            }
        }
    }

    [Theory]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEQ==", "has a public key of 36 bytes, expected 32")]
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "has type 101, expected 1 (a log's) or 4 (a witness's)")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not in the form NAME+ID+KEY of C2SP signed-note")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "its ID is not that of name and key, c74f20a3")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "not in the form NAME+ID+KEY of C2SP signed-note")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", "not in the form NAME+ID+KEY of C2SP signed-note")]
    public void A_bad_key_is_refused(string text, string reason) =>
        Assert.Equal($"verifier key '{text}': {reason}", Assert.Throws<LogException>(() => VerifierKey.Parse(text)).Message);

    [Fact]
    public void A_witness_signs_its_time_too()
    {
        var witness = NoteKey.Create("witness.example/w1", NoteKeyRole.Witness);
        const string Text = "origin\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        var line = witness.Cosign(Text, SampleLog.Noon);

        Assert.True(witness.Verifier.Verifies(Text, line));
        for (int at = 0; at < 8 + 64; at++)
        {
            byte[] bytes = line.Bytes.ToArray();
            bytes[at] ^= 1;
            Assert.False(witness.Verifier.Verifies(Text, line with { Bytes = bytes }), $"byte {at}");
        }

        Assert.False(witness.Verifier.Verifies(Text, line with { Bytes = line.Bytes[8..] }), "without a time");
    }

    [Fact]
    public void A_time_beyond_all_times_is_refused()
    {
        var witness = NoteKey.Create("w", NoteKeyRole.Witness);
        byte[] bytes = witness.Cosign("t\n", SampleLog.Noon).Bytes.ToArray();
        bytes[0] = 0x80;

        Assert.False(witness.Verifier.Verifies("t\n", new NoteSignature("w", witness.Verifier.Id, bytes)));
    }

    [Fact]
    public void The_same_key_for_another_purpose_has_another_ID()
    {
        byte[] seed = Ed25519.NewSeed();

        Assert.NotEqual(NoteKey.FromSeed("n", NoteKeyRole.Log, seed).Verifier.Id, NoteKey.FromSeed("n", NoteKeyRole.Witness, seed).Verifier.Id);
    }

    private static bool IsKey(string text)
    {
        try
        {
            VerifierKey.Parse(text);
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }
}
