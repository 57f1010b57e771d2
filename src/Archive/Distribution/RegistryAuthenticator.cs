using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Provenance.Archive.Distribution;

/// <summary>Logs in at registries, as anybody or as the caller.</summary>
/// <remarks>
/// Source: distribution, docs/spec/auth/token.md and oauth.md. What a registry says of where tokens are made is a stranger's word: that place is
/// asked over TLS, unless it is the registry itself or this machine, and it is shown the caller's credentials for the registry only when it is the
/// registry itself; Docker Hub's is at another host, which is known here. Otherwise it is shown those that the caller keeps for that place, if any.
/// </remarks>
internal sealed class RegistryAuthenticator(RegistryOptions options, Func<HttpRequestMessage, CancellationToken, HttpResponseMessage> send)
{
    private const int MaxTokenBytes = 1 << 18;
    private const string DockerHubTokens = "auth.docker.io";

    private readonly Dictionary<(string Endpoint, string Scope), AuthenticationHeaderValue> _known = [];

    /// <summary>What was good for the same before; a token of the caller's is sent at once.</summary>
    public AuthenticationHeaderValue? Find(RegistryRequest request) => OwnToken(request) is { } own
        ? new AuthenticationHeaderValue("Bearer", own)
        : _known.GetValueOrDefault(KeyOf(request));

    /// <returns>What to send instead; null where nothing better can be had.</returns>
    /// <exception cref="RegistryException">The registry asks for something that is refused here, or who makes tokens fails.</exception>
    public AuthenticationHeaderValue? Answer(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (OwnToken(request) is not null)
        {
            throw new RegistryException(request.Subject, "the token that was given is not taken", response.StatusCode);
        }

        if (AuthenticationChallenge.Choose(response.Headers.WwwAuthenticate) is not { } challenge)
        {
            return null;
        }

        var credential = options.Credentials.Find(request.Endpoint.CredentialHost, request.Endpoint.Repository);
        var answer = challenge.Scheme == "basic" ? Basic(credential) : Bearer(request, challenge, credential, cancellation);
        if (answer is not null)
        {
            _known[KeyOf(request)] = answer;
        }

        return answer;
    }

    /// <summary>Asked again before a request goes another way than it was to: where TLS is not spoken after all.</summary>
    /// <exception cref="RegistryException">The caller's token would be sent where others may listen.</exception>
    public void CheckSecrecy(RegistryRequest request, Uri address, AuthenticationHeaderValue? authorization)
    {
        if (authorization is { Scheme: "Bearer", Parameter: { } sent } && sent == options.BearerToken && !IsSecret(address))
        {
            throw TooOpen(request);
        }
    }

    private static (string Endpoint, string Scope) KeyOf(RegistryRequest request) =>
        (request.Endpoint.Base.Authority, $"{request.Endpoint.Repository} {request.Writes} {request.Also}");

    /// <summary>Never to a mirror, and never where others may listen.</summary>
    private string? OwnToken(RegistryRequest request)
    {
        if (options.BearerToken is null || request.Endpoint.IsMirror)
        {
            return null;
        }

        return IsSecret(request.Address) ? options.BearerToken : throw TooOpen(request);
    }

    private static bool IsSecret(Uri address) => address.Scheme == "https" || RegistryHost.IsLoopback(address);

    private static RegistryException TooOpen(RegistryRequest request) => new(request.Subject, "a token is not sent over plain HTTP");

    private static AuthenticationHeaderValue? Basic(RegistryCredential? credential) => credential?.User is { } user
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{credential.Password}")))
        : null;

    private AuthenticationHeaderValue Bearer(
        RegistryRequest request, AuthenticationChallenge challenge, RegistryCredential? credential, CancellationToken cancellation)
    {
        if (credential?.RegistryToken is { } token)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        var realm = RealmOf(request, challenge);
        var shown = MayBeShown(request, realm) ? credential : options.Credentials.Find(realm.Authority);
        using var message = shown?.IdentityToken is { } identity
            ? Refresh(realm, challenge, ScopesOf(request, challenge), identity)
            : Ask(realm, challenge, ScopesOf(request, challenge), shown);
        return new AuthenticationHeaderValue("Bearer", Fetch(message, request, realm, credential is not null && shown is null, cancellation));
    }

    private static Uri RealmOf(RegistryRequest request, AuthenticationChallenge challenge)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https") || realm.UserInfo.Length > 0)
        {
            throw new RegistryException(request.Subject, "asks for a token and does not say where there are any");
        }

        return realm.Scheme == "https" || request.Endpoint.Owns(realm) || (RegistryHost.IsLoopback(realm) && RegistryHost.IsLoopback(request.Endpoint.Base))
            ? realm
            : throw new RegistryException(request.Subject, $"asks for a token of '{realm.Authority}' over plain HTTP");
    }

    private static bool MayBeShown(RegistryRequest request, Uri realm) =>
        (realm.IdnHost == request.Endpoint.Base.IdnHost && (realm.Scheme == "https" || request.Endpoint.Owns(realm)))
        || (request.Endpoint.CredentialHost == RegistryHost.DockerHub && realm is { Scheme: "https", IsDefaultPort: true, IdnHost: DockerHubTokens });

    /// <summary>What is to be done, whatever the registry says of it; what it says alone where nothing is.</summary>
    private static IEnumerable<string> ScopesOf(RegistryRequest request, AuthenticationChallenge challenge)
    {
        string own = $"repository:{request.Endpoint.Repository}:{(request.Writes ? "pull,push" : "pull")}";
        string?[] scopes = [own, request.Also is null ? null : $"repository:{request.Also}:pull"];
        return challenge["scope"] is { } asked && !asked.StartsWith("repository:", StringComparison.Ordinal) ? [asked] : scopes.OfType<string>();
    }

    private static HttpRequestMessage Ask(Uri realm, AuthenticationChallenge challenge, IEnumerable<string> scopes, RegistryCredential? shown)
    {
        IEnumerable<(string, string)> parameters = scopes.Select(scope => ("scope", scope));
        if (challenge["service"] is { } service)
        {
            parameters = parameters.Prepend(("service", service));
        }

        string query = string.Join('&', parameters.Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query };
        return new HttpRequestMessage(HttpMethod.Get, address.Uri) { Headers = { Authorization = Basic(shown) } };
    }

    private static HttpRequestMessage Refresh(Uri realm, AuthenticationChallenge challenge, IEnumerable<string> scopes, string identity) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"), new("service", challenge["service"] ?? ""), new("client_id", "prov"),
                new("scope", string.Join(' ', scopes)), new("refresh_token", identity),
            ]),
        };

    private string Fetch(HttpRequestMessage message, RegistryRequest request, Uri realm, bool isUnshown, CancellationToken cancellation)
    {
        string subject = $"token for {request.Endpoint} from '{realm.Authority}'";
        using var response = send(message, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            string hint = isUnshown ? "; the credentials for the registry are not shown to another host" : "";
            throw new RegistryException(subject, $"answers with HTTP status {(int)response.StatusCode}{hint}", response.StatusCode);
        }

        using var body = new PatientStream(response.Content.ReadAsStream(cancellation), options.Patience, cancellation);
        byte[] answer = new byte[MaxTokenBytes];
        int length = body.ReadAtLeast(answer, answer.Length, throwOnEndOfStream: false);
        return length < MaxTokenBytes && TokenIn(answer.AsSpan(0, length)) is { } token ? token : throw new RegistryException(subject, "answers with no token");
    }

    private static string? TokenIn(ReadOnlySpan<byte> json)
    {
        try
        {
            var root = JsonElement.Parse(json);
            foreach (string name in (string[])["token", "access_token"])
            {
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var token) && token.ValueKind == JsonValueKind.String
                    && token.GetString() is { Length: > 0 } text && text.All(c => c is > ' ' and < (char)127))
                {
                    return text;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Told by the caller. The second: a text that is not UTF-8.
        }

        return null;
    }
}
