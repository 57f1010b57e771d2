using System.Formats.Asn1;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace Provenance.Archive.Trust;

/// <summary>Asks time stamping authorities, one after the other, until one gives a token. Source: RFC 3161 §2.4 and §3.4, over HTTP.</summary>
/// <remarks>Only a hash leaves this machine. The answer is checked as a stranger's: nonce, hash, policy, signature, and that its time is now.</remarks>
public sealed class TimestampClient(TimestampSettings settings, TimestampAuthorities authorities, TimeProvider clock) : IDisposable
{
    private const string QueryType = "application/timestamp-query";
    private const string ReplyType = "application/timestamp-reply";
    private const int MaxReplyBytes = TimestampToken.MaxBytes + 1024;
    private const int NonceBytes = 16;

    /// <summary>A token of another time than now is of no use, whichever of the two clocks is wrong.</summary>
    private static readonly TimeSpan MaxDeviation = TimeSpan.FromHours(24);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = true })
    {
        MaxResponseContentBufferSize = MaxReplyBytes,
    };

    /// <param name="hash">SHA-512 of what is to be shown to have existed now.</param>
    /// <param name="what">For the message.</param>
    /// <returns>The token, DER, as it was answered.</returns>
    /// <exception cref="TimestampException">None answered, or not with a token for this; the message tells of each.</exception>
    public byte[] Stamp(byte[] hash, string what)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        nonce[0] = (byte)(0x40 | (nonce[0] & 0x3F)); // positive, and as long as we say
        var request = Rfc3161TimestampRequest.CreateFromHash(
            hash,
            HashAlgorithmName.SHA512,
            settings.Policy is { } policy ? new Oid(policy) : null,
            nonce,
            requestSignerCertificates: true);
        var problems = new List<string>();
        long started = clock.GetTimestamp();
        for (int i = 0; i < settings.Authorities.Count; i++)
        {
            // One that says nothing must leave time for the others.
            var authority = settings.Authorities[i];
            var left = settings.Timeout - clock.GetElapsedTime(started);
            var share = (left > TimeSpan.Zero ? left : TimeSpan.Zero) / (settings.Authorities.Count - i);
            using var timeout = new CancellationTokenSource(share, clock);
            try
            {
                return Ask(authority, request, hash, timeout.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or CryptographicException
                or AsnContentException or ArchiveException or IOException)
            {
                problems.Add($"{authority}: {Reason(e, share)}");
            }
        }

        throw new TimestampException(what, problems.Count > 0 ? string.Join("; ", problems) : "no authority is named in config.toml");
    }

    public void Dispose() => _http.Dispose();

    private byte[] Ask(Uri authority, Rfc3161TimestampRequest request, byte[] hash, CancellationToken timeout)
    {
        byte[] reply = Post(authority, request.Encode(), timeout);
        var token = request.ProcessResponse(reply, out int read);
        if (read != reply.Length)
        {
            throw new TimestampException(authority.ToString(), "the answer has bytes after its end");
        }

        if (settings.Policy is { } policy && token.TokenInfo.PolicyId.Value != policy)
        {
            throw new TimestampException(
                authority.ToString(), $"the token was made under policy {token.TokenInfo.PolicyId.Value}, expected {policy}");
        }

        var deviation = token.TokenInfo.Timestamp - clock.GetUtcNow();
        if (deviation.Duration() > MaxDeviation)
        {
            throw new TimestampException(
                authority.ToString(), $"its time is {token.TokenInfo.Timestamp:u}, which is more than a day from this machine's clock");
        }

        byte[] encoded = TokenIn(reply);
        TimestampToken.Verify(encoded, _ => hash, authorities);
        return encoded;
    }

    private byte[] Post(Uri authority, byte[] query, CancellationToken timeout)
    {
        using var content = new ByteArrayContent(query);
        content.Headers.ContentType = new MediaTypeHeaderValue(QueryType);
        using var message = new HttpRequestMessage(HttpMethod.Post, authority) { Content = content };
        using var response = _http.Send(message, HttpCompletionOption.ResponseContentRead, timeout);
        if (!response.IsSuccessStatusCode)
        {
            throw new TimestampException(authority.ToString(), $"answered with HTTP status {(int)response.StatusCode}");
        }

        string? type = response.Content.Headers.ContentType?.MediaType;
        if (type != ReplyType)
        {
            throw new TimestampException(authority.ToString(), $"answered with '{type}', expected {ReplyType}");
        }

        using var stream = response.Content.ReadAsStream(timeout);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }: the bytes as they came.</summary>
    private static byte[] TokenIn(byte[] reply)
    {
        var response = new AsnReader(reply, AsnEncodingRules.DER).ReadSequence();
        response.ReadSequence();
        byte[] token = response.ReadEncodedValue().ToArray();
        response.ThrowIfNotEmpty();
        return token;
    }

    private static string Reason(Exception e, TimeSpan share) => e switch
    {
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"no answer within {share.TotalSeconds:0.#} s"),
        TimestampException stamp => stamp.Reason,
        CmsException cms => cms.Reason,
        _ => e.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };
}
