using System.Net.Http.Headers;

namespace Provenance.Archive.Distribution;

/// <summary>Something that is asked of a registry; it may be asked several times.</summary>
internal sealed record RegistryRequest
{
    public required RegistryEndpoint Endpoint { get; init; }

    public required HttpMethod Method { get; init; }

    public required Uri Address { get; init; }

    /// <summary>For messages: <c>blob 'sha256:…' of host/name</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether it writes: for the token.</summary>
    public bool Writes { get; init; }

    /// <summary>Another repository that is read from, for the token.</summary>
    public string? Also { get; init; }

    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Where to begin, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>Makes the body, each time anew; told how to say that something goes.</summary>
    public Func<Action, HttpContent>? Content { get; init; }

    /// <summary>Whether an answer that something else is elsewhere is followed.</summary>
    public bool Follows { get; init; }

    /// <summary>False where the caller has to find out first what became of the last attempt.</summary>
    public bool IsRepeated { get; init; } = true;

    public HttpRequestMessage ToMessage(Uri address, AuthenticationHeaderValue? authorization, Action isMoving)
    {
        var message = new HttpRequestMessage(Method, address) { Content = Content?.Invoke(isMoving) };
        message.Headers.Authorization = authorization;
        foreach (string type in Accept)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        if (Offset > 0)
        {
            message.Headers.Range = new RangeHeaderValue(Offset, null);
        }

        return message;
    }
}
