using System.Net.Http.Headers;
using Provenance.Archive.Distribution;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Where the caller's own token goes.</summary>
public sealed class RegistryAuthenticatorTests
{
    [Theory]
    [InlineData("https://prov.example.org/v2/", "mine", true)]
    [InlineData("http://prov.example.org/v2/", "mine", false)]
    [InlineData("http://127.0.0.1:8080/v2/", "mine", true)]
    [InlineData("http://prov.example.org/v2/", "a registry's", true)]
    public void A_token_of_the_callers_does_not_go_where_others_listen(string address, string token, bool goes)
    {
        var authenticator = new RegistryAuthenticator(RegistryClients.Options() with { BearerToken = "mine" }, (_, _) => throw new InvalidOperationException());
        var request = new RegistryRequest
        {
            Endpoint = new RegistryEndpoint(new Uri("https://prov.example.org/"), "prov", "prov.example.org", IsMirror: false),
            Method = HttpMethod.Get,
            Address = new Uri("https://prov.example.org/v2/"),
            Subject = "archive",
        };

        var thrown = Record.Exception(() => authenticator.CheckSecrecy(request, new Uri(address), new AuthenticationHeaderValue("Bearer", token)));

        Assert.Equal(goes ? null : "archive: a token is not sent over plain HTTP", thrown?.Message);
    }
}
