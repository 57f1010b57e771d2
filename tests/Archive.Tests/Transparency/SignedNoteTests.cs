using System.Text;
using CsCheck;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class SignedNoteTests
{
    private const string Signature = "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    /// <summary>Text, verifier key, signature line: the example of C2SP signed-note.md, and those of golang.org/x/mod/sumdb/note (note_test.go).</summary>
    public static TheoryData<string, string, string> Published => new()
    {
        { "This is an example message.\n", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", Signature },
        {
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_notes_verify_and_are_written_again_as_they_are(string text, string key, string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{text}\n{line}");

        var note = SignedNote.Parse(bytes);

        Assert.Equal(text, note.Text);
        Assert.True(VerifierKey.Parse(key).Verifies(note.Text, Assert.Single(note.Signatures)));
        Assert.False(VerifierKey.Parse(key).Verifies(note.Text + "\n", note.Signatures[0]));
        Assert.Equal(bytes, note.ToBytes());
    }

    [Theory]
    [InlineData("text\n", "no empty line separates text and signatures")]
    [InlineData("text\n\n", "has no signature line")]
    [InlineData("\n\n— a Uw2QOgA", "does not end with a line feed")]
    [InlineData("text\n\n— example.com/foo Uw2QOkn8srV1\n\n", "has no signature line")]
    [InlineData("text\n\n- example.com/foo Uw2QOkn8srV1\n", "'- example.com/foo Uw2QOkn8srV1' is no signature line")]
    [InlineData("text\n\n— Uw2QOkn8srV1\n", "'— Uw2QOkn8srV1' is no signature line")]
    [InlineData("text\n\n— a+b Uw2QOkn8srV1\n", "'— a+b Uw2QOkn8srV1' is no signature line")]
    [InlineData("text\n\n— a\u2003b Uw2QOkn8srV1\n", "'— a\u2003b Uw2QOkn8srV1' is no signature line")]
    [InlineData("text\n\n— a Uw2Q Okn8\n", "'— a Uw2Q Okn8' is no signature line")]
    [InlineData("text\n\n—  Uw2QOkn8srV1\n", "'—  Uw2QOkn8srV1' is no signature line")]
    [InlineData("text\n\n— a Uw2QOg==\n", "'Uw2QOg==' is no signature in base 64")]
    [InlineData("text\n\n— a Uw2QOkn8srV1=\n", "'Uw2QOkn8srV1=' is no signature in base 64")]
    [InlineData("text\n\n— a Uw2QOkn8s-V1\n", "'Uw2QOkn8s-V1' is no signature in base 64")]
    [InlineData("text\n\n— a Uw2QOkn=\n", "'Uw2QOkn=' is no signature in base 64")]
    [InlineData("te\txt\n\n— a Uw2QOkn8srV1\n", "has the control character 0x09")]
    [InlineData("text\r\n\n— a Uw2QOkn8srV1\n", "has the control character 0x0d")]
    [InlineData("text\0\n\n— a Uw2QOkn8srV1\n", "has the control character 0x00")]
    public void A_malformed_note_is_refused(string note, string reason) => AssertRefused(Encoding.UTF8.GetBytes(note), reason);

    [Fact]
    public void What_is_not_UTF8_is_refused() => AssertRefused([.. "te"u8, 0xFF, .. "xt\n\n— a Uw2QOkn8srV1\n"u8], "is not UTF-8");

    [Fact]
    public void A_note_that_is_too_long_is_refused() =>
        AssertRefused(new byte[SignedNote.MaxBytes + 1], $"has {SignedNote.MaxBytes + 1} bytes, at most {SignedNote.MaxBytes} expected");

    [Fact]
    public void Sixteen_signatures_of_post_quantum_size_are_taken_and_33_are_not()
    {
        string large = $"— pq.example {Convert.ToBase64String(new byte[4 + 4949])}\n";

        Assert.Equal(16, SignedNote.Parse(Note(large, 16)).Signatures.Count);
        Assert.Equal(SignedNote.MaxSignatures, SignedNote.Parse(Note(Signature, SignedNote.MaxSignatures)).Signatures.Count);
        AssertRefused(Note(Signature, SignedNote.MaxSignatures + 1), "has 33 signatures, at most 32 expected");
    }

    /// <summary>"The note text MAY contain empty lines; the text is separated from the signatures by the last empty line in the note."</summary>
    [Fact]
    public void A_text_may_have_empty_lines_and_what_looks_like_signatures()
    {
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes($"ed è\n\n{Signature}subito sera.\n\n{Signature}"));

        Assert.Equal($"ed è\n\n{Signature}subito sera.\n", note.Text);
        Assert.Single(note.Signatures);
    }

    [Fact]
    public void A_note_that_is_read_is_written_again_byte_by_byte() => GenNote.Sample(bytes =>
    {
        Assert.Equal(bytes, SignedNote.Parse(bytes).ToBytes());
    });

    /// <summary>Nothing but a refusal comes of bytes that are changed anywhere, or a note that says the same.</summary>
    [Fact]
    public void Any_change_of_one_byte_is_refused_or_read_as_it_stands() =>
        Gen.Select(GenNote, Gen.Int[0, 10_000], Gen.Byte).Sample((bytes, at, value) =>
        {
            bytes[at % bytes.Length] = value;
            try
            {
                Assert.Equal(bytes, SignedNote.Parse(bytes).ToBytes());
            }
            catch (LogException)
            {
                // Refused: that is the other thing that may be.
            }
        });

    private static Gen<byte[]> GenNote { get; } = Gen.Select(
        Gen.String[Gen.Char['a', 'z'], 0, 40].Array[1, 5],
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 20], Gen.Byte.Array[5, 80]).Array[1, 5],
        (lines, signatures) => Encoding.UTF8.GetBytes(
            string.Concat(lines.Select(line => line + "\n")) + "\n"
            + string.Concat(signatures.Select(by => $"— {by.Item1} {Convert.ToBase64String(by.Item2)}\n"))));

    private static byte[] Note(string line, int times) => Encoding.UTF8.GetBytes("text\n\n" + string.Concat(Enumerable.Repeat(line, times)));

    private static void AssertRefused(byte[] note, string reason) =>
        Assert.Equal($"signed note: {reason}", Assert.Throws<LogException>(() => SignedNote.Parse(note)).Message);
}
