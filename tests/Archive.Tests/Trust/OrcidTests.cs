using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

public sealed class OrcidTests
{
    /// <summary>The first two are those of ORCID's own documentation.</summary>
    [Theory]
    [InlineData("0000-0002-1825-0097", "0000-0002-1825-0097")]
    [InlineData("https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X")]
    [InlineData("http://orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X")]
    [InlineData(" orcid:0000000218250097 ", "0000-0002-1825-0097")]
    [InlineData("ORCID.org/0000-0001-5109-3700", "0000-0001-5109-3700")]
    [InlineData("0000-0002-1825-0098", null)]
    [InlineData("0000-0002-1825-009X", null)]
    [InlineData("0000-0020-1825-0097", null)]
    [InlineData("000-00002-1825-0097", null)]
    [InlineData("0000-0002-1825-009", null)]
    [InlineData("0000-0002-1825-00977", null)]
    [InlineData("0000-0002-1825-٠٠97", null)]
    [InlineData("https://orcid.example/0000-0002-1825-0097", null)]
    [InlineData("https://orcid.org/https://orcid.org/0000-0002-1825-0097", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_identifier_has_one_spelling_and_its_check_character(string? text, string? expected)
    {
        Assert.Equal(expected is not null, Orcid.TryParse(text, out string? orcid));
        Assert.Equal(expected, orcid);
    }

    /// <summary>MOD 11-2 finds every digit that was mistyped and every two neighbours that changed places.</summary>
    [Fact]
    public void One_wrong_digit_and_two_that_changed_places_are_noticed()
    {
        const string Right = "0000000218250097";
        for (int i = 0; i < Right.Length; i++)
        {
            foreach (char digit in "0123456789".Where(digit => digit != Right[i]))
            {
                Assert.False(Orcid.TryParse($"{Right[..i]}{digit}{Right[(i + 1)..]}", out _), $"{i} {digit}");
            }

            if (i > 0 && Right[i] != Right[i - 1])
            {
                Assert.False(Orcid.TryParse($"{Right[..(i - 1)]}{Right[i]}{Right[i - 1]}{Right[(i + 1)..]}", out _), $"{i}");
            }
        }
    }
}
