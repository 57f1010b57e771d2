using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class NoteKeyTests
{
    private static readonly NoteKey Key = NoteKey.Create("log.example/1", NoteKeyRole.Log);

    [Fact]
    public void A_key_is_read_as_it_was_written()
    {
        var read = NoteKey.Parse(Key.ToText());

        Assert.Equal(Key.Verifier, read.Verifier);
        Assert.Equal(Key.Sign("text\n"), read.Sign("text\n"));
    }

    [Fact]
    public void OpenSsl_reads_the_file_and_finds_the_same_public_key()
    {
        Tool.Require("openssl");
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "key.pem"), Key.ToText());

        var (status, output) = Tool.Run(folder.Path, "sh", "-c", "openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | openssl base64 -A");

        Assert.Equal(0, status);
        byte[] typed = Convert.FromBase64String(Key.Verifier.ToString().Split('+', 3)[2]);
        Assert.Equal(Convert.ToBase64String(typed[1..]), output);
    }

    [Fact]
    public void The_key_of_another_name_is_refused()
    {
        var other = NoteKey.Create("log.example/2", NoteKeyRole.Log);
        string mixed = $"{other.Verifier}\n{Key.ToText().Split('\n', 2)[1]}";

        Assert.Contains("the private key below is another one's", Assert.Throws<LogException>(() => NoteKey.Parse(mixed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRIVATE KEY", "PUBLIC KEY")]
    [InlineData("MC4C", "MC4B")]
    [InlineData("-----END", "----END")]
    public void What_is_no_PKCS8_of_Ed25519_is_refused(string from, string to) =>
        Assert.Throws<LogException>(() => NoteKey.Parse(Key.ToText().Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\nb")]
    public void A_name_with_blanks_or_a_plus_is_none(string name) =>
        Assert.Throws<ArgumentException>(() => NoteKey.Create(name, NoteKeyRole.Log));

    [Fact]
    public void A_key_signs_for_its_own_purpose_alone()
    {
        Assert.Throws<InvalidOperationException>(() => Key.Cosign("text\n", SampleLog.Noon));
        Assert.Throws<InvalidOperationException>(() => NoteKey.Create("w", NoteKeyRole.Witness).Sign("text\n"));
    }
}
