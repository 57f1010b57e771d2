using System.Security.Cryptography;
using CsCheck;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Content;

public sealed class DigestTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824")]
    [InlineData("sha512:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")]
    [InlineData("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n")]
    [InlineData("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982")]
    public void What_is_not_64_lowercase_hex_digits_is_no_digest(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Digest.Parse(text));
    }

    [Fact]
    public void Every_length_around_a_block_has_the_digest_the_platform_gives_it()
    {
        byte[] content = [.. Enumerable.Range(0, SmallSha256.MostBytes + 1).Select(i => (byte)(i * 167 >> 3))];
        int[] lengths = [.. Enumerable.Range(0, 300), 4095, 4096, SmallSha256.MostBytes - 1, SmallSha256.MostBytes, content.Length];

        Assert.All(lengths, length =>
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(0, length))), Digest.Of(content.AsSpan(0, length)).Hex));
    }

    [Fact]
    public void Any_small_content_has_the_digest_the_platform_gives_it() =>
        Gen.Byte.Array[0, 2000].Sample(content => Digest.Of(content).Hex == Convert.ToHexStringLower(SHA256.HashData(content)));

    [Fact]
    public void Parsing_undoes_printing() =>
        Gen.Byte.Array.Sample(content =>
        {
            var digest = Digest.Of(content);
            return Digest.Parse(digest.ToString()) == digest
                && Digest.FromHash(digest.ToBytes()) == digest
                && digest.Abbreviated == digest.Hex[..12];
        });
}
