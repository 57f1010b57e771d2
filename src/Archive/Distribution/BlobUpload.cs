using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>Sends one blob.</summary>
/// <remarks>
/// Source: OCI distribution-spec v1.1.1, "Pushing blobs".
/// 1 ask whether it is there · 2 begin, by mounting it from another repository where it may be · 3 send it: a small one with the end, a large one in
/// pieces, each of which begins where the registry says that the last one ended · 4 end, with its digest. After a lost connection the registry is
/// asked how far it came. Where a piece is to go is the registry's to say, at its own address alone.
/// </remarks>
internal sealed partial class BlobUpload(
    RegistryTransport transport,
    RegistryOptions options,
    RegistryEndpoint endpoint,
    Descriptor blob,
    Func<Stream> open,
    Action<int>? sent,
    CancellationToken cancellation) : IDisposable
{
    /// <summary>Up to so many bytes are sent with the end.</summary>
    private const int SmallBytes = 4 << 20;

    private const long MaxChunkBytes = 1L << 30;

    private readonly string _subject = $"blob '{blob.Digest}' for '{endpoint}'";
    private readonly BlobSource _source = new(open, blob);
    private long _chunkBytes = options.ChunkBytes;
    private int _failures;

    public void Dispose() => _source.Dispose();

    /// <param name="from">Null for no other repository.</param>
    public UploadOutcome Run(string? from)
    {
        // :: Step 1
        if (IsThere())
        {
            return UploadOutcome.AlreadyThere;
        }

        while (true)
        {
            try
            {
                // :: Step 2
                if (Begin(from) is not { } session)
                {
                    return UploadOutcome.Mounted;
                }

                // :: Steps 3 and 4
                long done = 0;
                if (blob.Size > Math.Min(SmallBytes, options.ChunkBytes))
                {
                    session = SendPieces(session);
                    done = blob.Size;
                }

                End(session, done);
                return UploadOutcome.Sent;
            }
            catch (RegistryException e) when (IsPassing(e) || e.IsNotFound)
            {
                // The session is gone, or nobody knows what is in it: another one.
                Fail(e);
            }

            // The end may have come through, and only the answer not.
            if (IsThere())
            {
                return UploadOutcome.Sent;
            }
        }
    }

    private bool IsThere()
    {
        using var response = Send(HttpMethod.Head, endpoint.At($"blobs/{blob.Digest}"), isRepeated: true, follows: true);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Failed(response);
        }

        return response.Content.Headers.ContentLength is not { } length || length == blob.Size
            ? true
            : throw new RegistryException(_subject, $"is there with {length} bytes, expected {blob.Size}");
    }

    /// <returns>Where to send it; null when it was mounted.</returns>
    private Uri? Begin(string? from)
    {
        if (from is not null)
        {
            string query = $"?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(from)}";
            using var mounted = Send(HttpMethod.Post, endpoint.At("blobs/uploads/" + query), isRepeated: true, also: from, content: Nothing);
            if (mounted.StatusCode == HttpStatusCode.Created)
            {
                return null;
            }

            if (mounted.StatusCode == HttpStatusCode.Accepted)
            {
                return Opened(mounted);
            }

            // Who may not read the other repository is told so by some: then it is sent.
        }

        using var begun = Send(HttpMethod.Post, endpoint.At("blobs/uploads/"), isRepeated: true, content: Nothing);
        return begun.StatusCode == HttpStatusCode.Accepted ? Opened(begun) : throw Failed(begun);
    }

    private Uri Opened(HttpResponseMessage begun)
    {
        // "OCI-Chunk-Min-Length: <size>": no piece but the last may be smaller.
        if (Header(begun, "OCI-Chunk-Min-Length") is { } text
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long least) && least > _chunkBytes)
        {
            _chunkBytes = least <= MaxChunkBytes ? least : throw new RegistryException(_subject, $"is to be sent in pieces of at least {least} bytes");
        }

        return Next(begun);
    }

    private Uri SendPieces(Uri session)
    {
        for (long done = 0; done < blob.Size;)
        {
            long length = Math.Min(_chunkBytes, blob.Size - done);
            try
            {
                using var response = Send(HttpMethod.Patch, session, content: Piece(done, length, isPart: true));
                if (response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.NoContent or HttpStatusCode.Created))
                {
                    throw Failed(response);
                }

                // "Range: 0-<end-of-range>": a registry may have taken less than it was sent.
                session = Next(response);
                done = DoneIn(response) is { } told && told > done && told <= done + length ? told : done + length;
                _failures = 0;
            }
            catch (RegistryException e) when (IsPassing(e))
            {
                Fail(e);
                (session, done) = Ask(session);
            }
        }

        return session;
    }

    /// <summary>How far it came: distribution-spec, "Getting the status of an upload".</summary>
    private (Uri Session, long Done) Ask(Uri session)
    {
        using var response = Send(HttpMethod.Get, session, isRepeated: true);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.Accepted or HttpStatusCode.OK))
        {
            throw Failed(response);
        }

        long done = DoneIn(response) ?? 0;
        return done <= blob.Size
            ? (response.Headers.Location is null ? session : Next(response), done)
            : throw new RegistryException(_subject, $"the registry has {done} of {blob.Size} bytes");
    }

    private void End(Uri session, long done)
    {
        string digest = $"digest={Uri.EscapeDataString(blob.Digest.ToString())}";
        var address = new UriBuilder(session) { Query = session.Query.Length > 1 ? $"{session.Query[1..]}&{digest}" : digest }.Uri;
        using var response = Send(HttpMethod.Put, address, content: done == blob.Size ? Nothing : Piece(0, blob.Size, isPart: false));
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.NoContent))
        {
            throw Failed(response);
        }

        if (Digest.TryParse(Header(response, "Docker-Content-Digest"), out var said) && said != blob.Digest)
        {
            throw new RegistryException(_subject, $"the registry has '{said}'");
        }
    }

    private Func<Action, HttpContent> Piece(long begin, long length, bool isPart) => isMoving => new BlobPiece(_source, begin, length, isPart, bytes =>
    {
        isMoving();
        sent?.Invoke(bytes);
    });

    private static HttpContent Nothing(Action isMoving) => new ByteArrayContent([]);

    private HttpResponseMessage Send(
        HttpMethod method, Uri address, bool isRepeated = false, bool follows = false, string? also = null, Func<Action, HttpContent>? content = null) =>
        transport.Send(
            new RegistryRequest
            {
                Endpoint = endpoint,
                Method = method,
                Address = address,
                Subject = _subject,
                Writes = true,
                Also = also,
                Content = content,
                Follows = follows,
                IsRepeated = isRepeated,
            },
            cancellation);

    /// <summary>Credentials go with what is sent next: it must be the same server.</summary>
    private Uri Next(HttpResponseMessage response)
    {
        var location = response.Headers.Location ?? throw new RegistryException(_subject, "the registry does not say where to send it", response.StatusCode);
        return Uri.TryCreate(response.RequestMessage!.RequestUri!, location, out var next) && endpoint.Owns(WithScheme(next))
            ? next
            : throw new RegistryException(_subject, $"is to be sent to '{location}', expected an address at '{endpoint.Base}'", response.StatusCode);
    }

    /// <summary>Where plain HTTP was spoken in place of TLS, addresses are of that.</summary>
    private Uri WithScheme(Uri next) => options.VerifyTls ? next : new UriBuilder(next)
    {
        Scheme = endpoint.Base.Scheme,
        Port = next.IsDefaultPort ? endpoint.Base.Port : next.Port,
    }.Uri;

    /// <returns>Bytes that are there; null where it is not told.</returns>
    private static long? DoneIn(HttpResponseMessage response)
    {
        var match = DonePattern().Match(Header(response, "Range") ?? "");
        // docker's registry says 0-0 for nothing: one byte alone is sent with the end, never as a piece.
        return match.Success && long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last == 0 ? 0 : last + 1
            : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>No answer, or one after which another attempt may do better: the registry is asked how far it came.</summary>
    private static bool IsPassing(RegistryException e) => e is { Status: null, InnerException: not null }
        || e.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private RegistryException Failed(HttpResponseMessage response) => new(
        _subject,
        RegistryAnswer.Describe(response, () => transport.Read(response, RegistryAnswer.MaxBytes, _subject, cancellation)),
        response.StatusCode);

    private void Fail(RegistryException e)
    {
        _source.ThrowIfDamaged();
        if (++_failures >= options.Attempts)
        {
            throw e;
        }

        transport.Pause(_failures, null, _subject, cancellation);
    }

    [GeneratedRegex(@"\A(?:bytes=)?0-([0-9]{1,18})\z")]
    private static partial Regex DonePattern();
}
