using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Provenance.Archive.Access;

namespace Provenance.Web.Access;

/// <summary>Takes tokens of an OpenID Connect issuer: JWTs (RFC 7519) that it has signed for this server, while they are good.</summary>
/// <remarks>
/// The issuer's keys are found by its discovery document (OpenID Connect Discovery 1.0, section 4), kept, and asked for anew when a token is signed
/// with another, at most every five minutes. Nothing that a client sends leads anywhere else.
/// </remarks>
internal sealed class OidcTokens : IDisposable
{
    private const int MaxTokenLetters = 16 << 10;
    private const int MaxDocumentBytes = 1 << 20;
    private const string Discovery = "/.well-known/openid-configuration";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Signatures alone: a secret that the server shares with the issuer is none, and <c>none</c> is nothing.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly OidcOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _issuer;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    public OidcTokens(OidcOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = MaxDocumentBytes };
        _issuer = new ConfigurationManager<OpenIdConnectConfiguration>(
            options.Issuer.OriginalString + Discovery,
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(_http) { RequireHttps = options.Issuer.Scheme == Uri.UriSchemeHttps });
    }

    /// <summary>Whether a text may be such a token: header, claims and signature, which the archive's own tokens never are.</summary>
    public static bool IsOne(string text) => text.Length <= MaxTokenLetters && text.Count(letter => letter == '.') == 2;

    /// <returns>Null for one that does not let in.</returns>
    /// <exception cref="InvalidOperationException">The issuer's keys are not to be had.</exception>
    public async Task<AccessToken?> FindAsync(string text, CancellationToken cancellation)
    {
        var configuration = await _issuer.GetConfigurationAsync(cancellation);
        var result = await _handler.ValidateTokenAsync(text, Conditions(configuration));
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have a new key since.
            _issuer.RequestRefresh();
            result = await _handler.ValidateTokenAsync(text, Conditions(await _issuer.GetConfigurationAsync(cancellation)));
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? Of(token) : null;
    }

    public void Dispose() => _http.Dispose();

    private TokenValidationParameters Conditions(OpenIdConnectConfiguration configuration) => new()
    {
        // Some issuers call themselves by a name with a slash at its end; where their document is does not change by it (Discovery, section 4.1).
        ValidIssuers = [_options.Issuer.OriginalString, _options.Issuer.OriginalString + "/"],
        ValidAudience = _options.Audience,
        IssuerSigningKeys = configuration.SigningKeys,
        ValidAlgorithms = Algorithms,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = (notBefore, expires, _, _) => expires > (_time.GetUtcNow() - Skew).UtcDateTime
            && !(notBefore > (_time.GetUtcNow() + Skew).UtcDateTime),
    };

    private AccessToken? Of(JsonWebToken token) =>
        token.TryGetPayloadValue<string>(_options.OwnerClaim, out string? owner) && TokenStore.IsText(owner)
            ? new AccessToken
            {
                Id = 0,
                Label = _options.Issuer.Host,
                Owner = owner,
                Scopes = TokenScopes.Read | TokenScopes.Push,
                CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(token.IssuedAt, DateTimeKind.Utc)),
                ExpiresAt = new DateTimeOffset(DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc)),
            }
            : null;
}
