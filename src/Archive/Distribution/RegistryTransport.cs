using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Distribution;

/// <summary>Sends requests to registries and gives their answers: logged in where that is asked for, and again where it may help.</summary>
/// <remarks>
/// A registry may send anything, as slowly as it likes. Nothing is read here but headers of at most 64 KiB; how long nothing may come is bounded.
/// Where an answer leads elsewhere, that is asked without credentials, and never without TLS when TLS was spoken before.
/// </remarks>
internal sealed class RegistryTransport : IDisposable
{
    private const int MaxRedirections = 5;
    private const int MaxHeaderKilobytes = 64;

    private readonly RegistryOptions _options;
    private readonly HttpClient _http;
    private readonly HttpClient _direct;
    private readonly RegistryAuthenticator _authenticator;
    private readonly HashSet<string> _withoutTls = new(StringComparer.Ordinal);

    public RegistryTransport(RegistryOptions options)
    {
        _options = options;
        _http = NewClient(useProxy: true);
        _direct = NewClient(useProxy: false);
        _authenticator = new RegistryAuthenticator(options, SendToken);
    }

    /// <returns>Whatever was answered, but for what a later attempt may better. To be disposed of by the caller; its body is not read.</returns>
    /// <exception cref="RegistryException">No answer came.</exception>
    public HttpResponseMessage Send(RegistryRequest request, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool isLast = !request.IsRepeated || attempt >= _options.Attempts;
            try
            {
                var response = SendAuthenticated(request, cancellation);
                if (isLast || !IsPassing(response.StatusCode))
                {
                    return response;
                }

                using (response)
                {
                    Pause(attempt, response, request.Subject, cancellation);
                }
            }
            catch (Exception e) when (IsLoss(e, cancellation))
            {
                if (isLast || IsTlsFailure(e))
                {
                    throw Unreachable(request.Subject, e);
                }

                Pause(attempt, null, request.Subject, cancellation);
            }
        }
    }

    /// <summary>Reads a body to its end.</summary>
    /// <exception cref="RegistryException">It has more bytes than that.</exception>
    public byte[] Read(HttpResponseMessage response, int maxBytes, string subject, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            throw new RegistryException(subject, $"has {response.Content.Headers.ContentLength} bytes, at most {maxBytes} are allowed");
        }

        try
        {
            using var body = Open(response, cancellation);
            using var content = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = body.Read(buffer)) > 0;)
            {
                content.Write(buffer.AsSpan(0, read));
                if (content.Length > maxBytes)
                {
                    throw new RegistryException(subject, $"has more than {maxBytes} bytes");
                }
            }

            return content.ToArray();
        }
        catch (Exception e) when (IsLoss(e, cancellation))
        {
            throw Unreachable(subject, e);
        }
    }

    /// <summary>The body as it comes; each read ends when nothing came for long enough.</summary>
    public Stream Open(HttpResponseMessage response, CancellationToken cancellation) =>
        new PatientStream(response.Content.ReadAsStream(cancellation), _options.Patience, cancellation);

    /// <summary>Whether a connection was lost, as against the caller having ended it.</summary>
    public static bool IsLoss(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    public static RegistryException Unreachable(string subject, Exception e) => new(subject, Reason(e), cause: e);

    /// <summary>Waits before another attempt, longer each time, or as long as the registry says.</summary>
    /// <exception cref="RegistryException">It says that it will take too long.</exception>
    public void Pause(int attempt, HttpResponseMessage? response, string subject, CancellationToken cancellation)
    {
        var asked = response?.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date - _options.Time.GetUtcNow()) : null;
        if (asked > _options.MaxRetryAfter)
        {
            throw new RegistryException(subject, $"is to be asked again only after {asked.Value.TotalSeconds:0} s", response!.StatusCode);
        }

        var pause = _options.Pause * Math.Pow(2, attempt - 1);
        Task.Delay(asked > pause ? asked.Value : pause, _options.Time, cancellation).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _http.Dispose();
        _direct.Dispose();
    }

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static bool IsTlsFailure(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } || e.InnerException is AuthenticationException;

    private HttpResponseMessage SendAuthenticated(RegistryRequest request, CancellationToken cancellation)
    {
        var response = SendFollowing(request, _authenticator.Find(request), cancellation);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var authorization = _authenticator.Answer(request, response, cancellation);
        if (authorization is null)
        {
            return response;
        }

        response.Dispose();
        return SendFollowing(request, authorization, cancellation);
    }

    private HttpResponseMessage SendFollowing(
        RegistryRequest request, System.Net.Http.Headers.AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        var address = request.Address;
        for (int step = 0; ; step++)
        {
            // A redirection is asked as a stranger, whoever it leads to.
            var response = SendOnce(request, address, step == 0 ? authorization : null, cancellation);
            bool isElsewhere = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;
            if (!isElsewhere)
            {
                return response;
            }

            using (response)
            {
                if (!request.Follows || step == MaxRedirections)
                {
                    throw new RegistryException(
                        request.Subject, request.Follows ? $"leads elsewhere more than {MaxRedirections} times" : "leads elsewhere", response.StatusCode);
                }

                address = Elsewhere(request, address, response);
            }
        }
    }

    private static Uri Elsewhere(RegistryRequest request, Uri from, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(from, location, out var to) || to.Scheme is not ("http" or "https"))
        {
            throw new RegistryException(request.Subject, "leads to no address", response.StatusCode);
        }

        return from.Scheme == "https" && to.Scheme == "http"
            ? throw new RegistryException(request.Subject, $"leads from TLS to plain HTTP at '{to.Authority}'", response.StatusCode)
            : to;
    }

    private HttpResponseMessage SendOnce(
        RegistryRequest request, Uri address, System.Net.Http.Headers.AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        var actual = _withoutTls.Contains(address.Authority) ? WithoutTls(address) : address;
        _authenticator.CheckSecrecy(request, actual, authorization);
        try
        {
            return Await(isMoving => request.ToMessage(actual, authorization, isMoving), cancellation);
        }
        catch (HttpRequestException e) when (!_options.VerifyTls && actual.Scheme == "https" && IsTlsFailure(e))
        {
            // As podman has it: who says that it does not matter who answers is also given plain HTTP.
            _authenticator.CheckSecrecy(request, WithoutTls(actual), authorization);
            var response = Await(isMoving => request.ToMessage(WithoutTls(actual), authorization, isMoving), cancellation);
            _withoutTls.Add(address.Authority);
            return response;
        }
    }

    private static Uri WithoutTls(Uri address) =>
        new UriBuilder(address) { Scheme = "http", Port = address.IsDefaultPort ? 80 : address.Port }.Uri;

    private HttpResponseMessage SendToken(HttpRequestMessage message, CancellationToken cancellation) => Await(_ => message, cancellation);

    /// <summary>Until the headers of the answer are there. As long as something goes, that may take as long as it likes.</summary>
    private HttpResponseMessage Await(Func<Action, HttpRequestMessage> make, CancellationToken cancellation) =>
        AwaitAsync(make, cancellation).GetAwaiter().GetResult();

    private async Task<HttpResponseMessage> AwaitAsync(Func<Action, HttpRequestMessage> make, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.Patience);
        using var message = make(() => patience.CancelAfter(_options.Patience));
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        var client = RegistryHost.IsLoopback(message.RequestUri!) ? _direct : _http;
        try
        {
            return await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.Patience.TotalSeconds:0} s", e);
        }
    }

    private static string Reason(Exception e) => e switch
    {
        TimeoutException => e.Message,
        _ when IsTlsFailure(e) => $"TLS: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ").TrimEnd('.')}",
        OperationCanceledException => "nothing came for too long",
        _ => e.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };

    private HttpClient NewClient(bool useProxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = _options.Patience,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            UseCookies = false,
            UseProxy = useProxy,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsBelieved },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private bool IsBelieved(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || !_options.VerifyTls)
        {
            return true;
        }

        // Only who vouches may differ from what the platform says, not for which name.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || _options.Authorities.Count == 0 || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        own.ChainPolicy.CustomTrustStore.AddRange(_options.Authorities.ToArray());
        own.ChainPolicy.ExtraStore.AddRange((chain?.ChainElements.Select(element => element.Certificate) ?? []).ToArray());
        return own.Build(server);
    }
}
