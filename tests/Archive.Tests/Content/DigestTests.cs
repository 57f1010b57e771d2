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
    public void Parsing_undoes_printing() =>
        Gen.Byte.Array.Sample(content =>
        {
            var digest = Digest.Of(content);
            return Digest.Parse(digest.ToString()) == digest
                && Digest.FromHash(digest.ToBytes()) == digest
                && digest.Abbreviated == digest.Hex[..12];
        });
}
