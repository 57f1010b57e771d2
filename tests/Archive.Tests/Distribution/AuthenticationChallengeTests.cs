using System.Net.Http.Headers;
using Provenance.Archive.Distribution;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>How a registry asks for a login.</summary>
public sealed class AuthenticationChallengeTests
{
    [Theory]
    [InlineData("Bearer realm=\"https://a/token\",service=\"s\",scope=\"repository:a/b:pull,push\"", "https://a/token", "repository:a/b:pull,push")]
    [InlineData("bearer realm=\"https://a/token\" , scope=x", "https://a/token", "x")]
    [InlineData("Bearer REALM=\"a \\\"b\\\"\"", "a \"b\"", null)]
    public void Parameters_are_read(string header, string realm, string? scope)
    {
        var challenge = Parse(header)!;

        Assert.Equal(("bearer", realm, scope), (challenge.Scheme, challenge["realm"], challenge["scope"]));
    }

    [Theory]
    [InlineData("Negotiate abc")]
    [InlineData("Bearer realm")]
    [InlineData("Bearer realm=\"a")]
    [InlineData("Bearer realm=\"a\\")]
    [InlineData("Bearer realm=\"a\",realm=\"b\"")]
    [InlineData("Bearer realm=\"a\" \"b\"")]
    [InlineData("Bearer =a")]
    [InlineData("Bearer a b=c")]
    public void What_is_malformed_or_unknown_is_none(string header) => Assert.Null(Parse(header));

    private static AuthenticationChallenge? Parse(string header) =>
        AuthenticationChallenge.Parse(new AuthenticationHeaderValue(header.Split(' ')[0], header.Split(' ', 2)[1]));
}
