using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

/// <summary>The spellings of a DOI, and what is none.</summary>
public sealed class DoiTests
{
    [Theory]
    [InlineData("10.1234/abc", "10.1234/abc")]
    [InlineData("10.1234/ABC", "10.1234/abc")]
    [InlineData(" doi:10.1234/abc ", "10.1234/abc")]
    [InlineData("DOI: 10.1234/abc", "10.1234/abc")]
    [InlineData("https://doi.org/10.1234/abc", "10.1234/abc")]
    [InlineData("HTTPS://DOI.ORG/10.1234/abc", "10.1234/abc")]
    [InlineData("http://dx.doi.org/10.1002/(SICI)1096-8644(199601)99:1%3C1::AID-AJPA1%3E3.0.CO;2-1", "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1")]
    [InlineData("10.1234/..a/b..", "10.1234/..a/b..")]
    [InlineData("info:doi/10.1234.5/x/y", "10.1234.5/x/y")]
    [InlineData("doi.org/10.1234/abc", "10.1234/abc")]
    public void Is_one_in_any_spelling(string text, string expected)
    {
        Assert.Equal(expected, Doi.Parse(text).ToString());
        Assert.Equal(Doi.Parse(text), Doi.Parse(Doi.Parse(text).Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1234")]
    [InlineData("10.1234/")]
    [InlineData("10.12/abc")]
    [InlineData("11.1234/abc")]
    [InlineData("10.1234/a b")]
    [InlineData("10.1234/abc\n")]
    [InlineData("10.1234/a\u0007b")]
    [InlineData("10.1234/a\u202eb")]
    [InlineData("https://example.org/10.1234/abc")]
    [InlineData("x10.1234/abc")]
    [InlineData("10.1234/../runs")]
    [InlineData("10.1234/..")]
    [InlineData("10.1234/a/./b")]
    [InlineData("https://doi.org/10.1234/%2E%2e/x")]
    public void Is_none(string text) => Assert.Equal(text == "10.1234/abc\n", Doi.TryParse(text, out _));

    [Fact]
    public void One_without_end_is_none() => Assert.False(Doi.TryParse("10.1234/" + new string('a', 10_000), out _));
}
