using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>Tokens of an OpenID Connect issuer, made here byte by byte, against a server that asks a real issuer on the loopback for its keys.</summary>
public sealed class OidcTests
{
    private const string Audience = "prov.example.org";

    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Who_has_a_token_of_the_issuer_reads_what_is_theirs()
    {
        using var issuer = new OidcIssuer();
        await using var site = await StartAsync(issuer);
        string run = $"/runs/{site.Run.Hex}";

        Assert.Equal(404, await StatusOf(site, run, null));
        Assert.Equal(200, await StatusOf(site, run, $"Bearer {issuer.Token("ada")}"));
        Assert.Equal(200, await StatusOf(site, run, $"Bearer {issuer.Token("ada", ecdsa: true)}"));
        Assert.Equal(200, await StatusOf(site, run, $"Bearer {issuer.Token("ada", issuer: $"{issuer.Address}/")}"));
        Assert.Equal(200, await StatusOf(site, run, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{issuer.Token("ada")}"))}"));
        Assert.Equal(404, await StatusOf(site, run, $"Bearer {issuer.Token("ben")}"));
        // Never what an administrator may.
        Assert.Equal(404, await StatusOf(site, run, $"Bearer {issuer.Token("ben", more: ",\"scope\":\"admin\"")}"));
        string own = new TokenStore(site.Archive.Layout, Clock).Create("ada", "x", TokenScopes.Read, isPrivate: false, null);
        Assert.Equal(200, await StatusOf(site, run, $"Bearer {own}"));
    }

    [Fact]
    public async Task Forged_tokens_are_refused()
    {
        using var issuer = new OidcIssuer();
        await using var site = await StartAsync(issuer);
        string good = issuer.Token("ada");
        string[] parts = good.Split('.');
        using var eve = new OidcIssuer();
        var forged = new Dictionary<string, string>
        {
            ["another's key under the same name"] = eve.Token("ada", issuer: issuer.Address),
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["alg none"] = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            ["the public key as a shared secret"] = issuer.WithSharedSecret("ada"),
            ["other claims"] = $"{parts[0]}.{Encode(issuer.Claims("keeper"))}.{parts[2]}",
            ["for another server"] = issuer.Token("ada", audience: "other.example.org"),
            ["of another issuer"] = issuer.Token("ada", issuer: "https://eve.example.org"),
            ["expired"] = issuer.Token("ada", from: -7200, until: -3600),
            ["not yet valid"] = issuer.Token("ada", from: 3600, until: 7200),
            ["without an end"] = issuer.Token("ada", until: null),
            ["a key by address"] = issuer.Token("ada", header: $",\"jku\":\"{eve.Address}/keys\",\"x5u\":\"{eve.Address}/keys\"", signer: eve),
            ["its own key in it"] = issuer.Token("ada", header: $",\"jwk\":{eve.PublicKey}", signer: eve),
            ["no owner"] = issuer.Token(""),
            ["an owner with control characters"] = issuer.Token("ada\\nroot"),
            ["too long"] = issuer.Token("ada", more: $",\"x\":\"{new string('x', 20_000)}\""),
            ["not base64"] = "a!.b!.c!",
            ["empty parts"] = "..",
        };

        foreach (var (what, token) in forged)
        {
            Assert.True(await StatusOf(site, "/runs", $"Bearer {token}") is 401 or 431, what);
        }

        Assert.Equal(0, eve.Requests);
        Assert.Equal(200, await StatusOf(site, "/runs", $"Bearer {good}"));
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_is_said_and_nobody_else_is_kept_out()
    {
        var issuer = new OidcIssuer();
        await using var site = await StartAsync(issuer);
        string token = issuer.Token("ada");
        issuer.Dispose();

        Assert.Equal(503, await StatusOf(site, "/runs", $"Bearer {token}"));
        Assert.Equal(200, await StatusOf(site, "/runs", null));
    }

    private static async Task<TestSite> StartAsync(OidcIssuer issuer)
    {
        var site = await TestSite.StartAsync(options: options => options with
        {
            Time = Clock,
            Oidc = new OidcOptions { Issuer = new Uri(issuer.Address), Audience = Audience, OwnerClaim = "preferred_username" },
        });
        new Restrictions(site.Archive.Layout, Clock).Set([site.Run], "ada", null);
        return site;
    }

    private static async Task<int> StatusOf(TestSite site, string path, string? authorization)
    {
        using var response = authorization is null
            ? await site.SendAsync(HttpMethod.Get, path)
            : await site.SendAsync(HttpMethod.Get, path, ("Authorization", authorization));
        return (int)response.StatusCode;
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>An issuer of tokens with an RSA and an elliptic key, that tells of them at the addresses that OpenID Connect Discovery 1.0 has.</summary>
    private sealed class OidcIssuer : IDisposable
    {
        private readonly RSA _rsa = RSA.Create(2048);
        private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly HttpListener _listener = new();

        public OidcIssuer()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add($"{Address}/");
            _listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public string Address { get; }

        public int Requests { get; private set; }

        public string PublicKey
        {
            get
            {
                var key = _rsa.ExportParameters(includePrivateParameters: false);
                return $$"""{"kty":"RSA","use":"sig","kid":"r","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}""";
            }
        }

        public string Token(
            string owner, string? issuer = null, string audience = Audience, int from = -60, int? until = 3600, string more = "", string header = "",
            bool ecdsa = false, OidcIssuer? signer = null)
        {
            string signed = $"{Encode($$"""{"alg":"{{(ecdsa ? "ES256" : "RS256")}}","kid":"{{(ecdsa ? "e" : "r")}}"{{header}}}""")}.{Encode(Claims(owner, issuer, audience, from, until, more))}";
            byte[] bytes = Encoding.ASCII.GetBytes(signed);
            var by = signer ?? this;
            byte[] signature = ecdsa
                ? by._ecdsa.SignData(bytes, HashAlgorithmName.SHA256)
                : by._rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }

        public string WithSharedSecret(string owner)
        {
            string signed = $"{Encode("""{"alg":"HS256","kid":"r"}""")}.{Encode(Claims(owner))}";
            byte[] secret = Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());
            return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
        }

        public string Claims(string owner, string? issuer = null, string audience = Audience, int from = -60, int? until = 3600, string more = "")
        {
            long now = Clock.GetUtcNow().ToUnixTimeSeconds();
            string end = until is { } seconds ? $",\"exp\":{now + seconds}" : "";
            string name = owner.Length > 0 ? $",\"preferred_username\":\"{owner}\"" : "";
            return $$"""{"iss":"{{issuer ?? Address}}","aud":"{{audience}}","sub":"0123","iat":{{now + from}},"nbf":{{now + from}}{{end}}{{name}}{{more}}}""";
        }

        public void Dispose()
        {
            _listener.Close();
            _rsa.Dispose();
            _ecdsa.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    Requests++;
                    byte[] answer = Encoding.UTF8.GetBytes(context.Request.Url!.AbsolutePath == "/keys"
                        ? $$"""{"keys":[{{PublicKey}},{{EllipticKey}}]}"""
                        : $$"""{"issuer":"{{Address}}","jwks_uri":"{{Address}}/keys","authorization_endpoint":"{{Address}}/a","token_endpoint":"{{Address}}/t"}""");
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(answer);
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        private string EllipticKey
        {
            get
            {
                var key = _ecdsa.ExportParameters(includePrivateParameters: false);
                return $$"""{"kty":"EC","crv":"P-256","use":"sig","kid":"e","x":"{{Base64Url.EncodeToString(key.Q.X)}}","y":"{{Base64Url.EncodeToString(key.Q.Y)}}"}""";
            }
        }
    }
}
