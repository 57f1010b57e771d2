using System.Globalization;
using System.Net;
using System.Text.Json;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Distribution;

/// <summary>Reads from registries and writes to them. Whatever comes is bounded, and proved where a digest says what it must be.</summary>
/// <remarks>
/// Source: OCI distribution-spec v1.1.1. Mirrors are asked first for what is read, and nothing is written to them; what a tag means is believed of
/// them as of the registry, everything else is proved.
/// </remarks>
public sealed partial class RegistryClient(RegistryOptions options) : IDisposable
{
    /// <summary>distribution-spec, "Pushing Manifests": four megabytes are what registries and clients are to expect at least.</summary>
    public const int MaxManifestBytes = 4 << 20;

    private const int MaxTagPages = 1000;
    private const int TagsPerPage = 1000;

    private static readonly string[] ManifestTypes =
    [
        MediaTypes.ImageIndex, MediaTypes.ImageManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest,
    ];

    private readonly RegistryTransport _transport = new(options);
    private readonly List<string> _warnings = [];

    public void Dispose() => _transport.Dispose();

    /// <summary>Whether an archive of ours is there. A registry that wants a login is asked with one.</summary>
    /// <exception cref="RegistryException">No registry is.</exception>
    public bool IsArchive(RegistryReference reference, CancellationToken cancellation)
    {
        var endpoint = RegistryEndpoint.Of(reference);
        var request = new RegistryRequest
        {
            Endpoint = endpoint,
            Method = HttpMethod.Get,
            Address = new Uri(endpoint.Base, "v2/"),
            Subject = $"registry '{reference.Host}'",
        };
        using var response = _transport.Send(request, cancellation);
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? response.Headers.TryGetValues("Prov-Archive", out var values) && values.FirstOrDefault() == "1"
            : throw Failed(request, response, cancellation);
    }

    /// <summary>By the digest where the reference has one, else by the tag.</summary>
    /// <exception cref="RegistryException">There is none, or it is not what the digest says.</exception>
    public FetchedManifest GetManifest(RegistryReference reference, CancellationToken cancellation) => FromAny(reference, endpoint =>
    {
        var request = ManifestRequest(endpoint, reference, HttpMethod.Get);
        using var response = _transport.Send(request, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Failed(request, response, cancellation);
        }

        byte[] bytes = _transport.Read(response, MaxManifestBytes, request.Subject, cancellation);
        var digest = Digest.Of(bytes);
        // The digest that is asked for, else that of the field Docker-Content-Digest: of a tag nothing else can be verified.
        var said = reference.Digest ?? (Digest.TryParse(Header(response, "Docker-Content-Digest"), out var named) ? named : digest);
        if (digest != said)
        {
            throw new RegistryException(request.Subject, $"content has digest '{digest}', expected '{said}'");
        }

        string? type = response.Content.Headers.ContentType?.MediaType ?? OciReader.ReadDocument(bytes, request.Subject).MediaType;
        return new FetchedManifest(
            new Descriptor
            {
                MediaType = type ?? throw new RegistryException(request.Subject, "is of no type"),
                Digest = digest,
                Size = bytes.Length,
            },
            bytes);
    });

    /// <summary>What a tag stands for at the registry itself, without fetching it.</summary>
    /// <returns>Null where there is no such manifest, or its digest is not told.</returns>
    public Digest? FindManifest(RegistryReference reference, CancellationToken cancellation)
    {
        var request = ManifestRequest(RegistryEndpoint.Of(reference), reference, HttpMethod.Head);
        using var response = _transport.Send(request, cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Digest.TryParse(Header(response, "Docker-Content-Digest"), out var digest) ? digest : reference.Digest,
            HttpStatusCode.NotFound => null,
            _ => throw Failed(request, response, cancellation),
        };
    }

    /// <summary>The tags of a repository that begin so, from all its pages.</summary>
    /// <param name="reference">The repository.</param>
    /// <param name="prefix">Others are not kept.</param>
    /// <param name="most">So many are enough.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">There is no such repository.</exception>
    public IReadOnlyList<string> FindTags(RegistryReference reference, string prefix, int most, CancellationToken cancellation) =>
        FromAny(reference, endpoint =>
        {
            var found = new List<string>();
            Uri? page = endpoint.At($"tags/list?n={TagsPerPage.ToString(CultureInfo.InvariantCulture)}");
            for (int pages = 0; page is not null && found.Count < most; pages++)
            {
                var request = new RegistryRequest
                {
                    Endpoint = endpoint,
                    Method = HttpMethod.Get,
                    Address = page,
                    Subject = $"tags of '{endpoint}'",
                };
                if (pages == MaxTagPages)
                {
                    throw new RegistryException(request.Subject, $"are more than {MaxTagPages} pages");
                }

                using var response = _transport.Send(request, cancellation);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw Failed(request, response, cancellation);
                }

                byte[] bytes = _transport.Read(response, MaxManifestBytes, request.Subject, cancellation);
                found.AddRange(TagsIn(bytes, request.Subject).Where(tag => tag.StartsWith(prefix, StringComparison.Ordinal)).Take(most - found.Count));
                page = NextPage(endpoint, page, response);
            }

            return found;
        });

    /// <summary>A blob from some byte on; it goes on by itself when the connection is lost. Its digest is for the caller to check.</summary>
    /// <param name="reference">The repository.</param>
    /// <param name="blob">Which.</param>
    /// <param name="offset">Bytes that are here already.</param>
    /// <param name="cancellation">Ends reading.</param>
    /// <exception cref="RegistryException">There is none, it has another size, or it stops coming.</exception>
    public Stream OpenBlob(RegistryReference reference, Descriptor blob, long offset, CancellationToken cancellation) =>
        FromAny(reference, endpoint => BlobDownload.Begin(_transport, options, endpoint, blob, offset, cancellation));

    private static RegistryRequest ManifestRequest(RegistryEndpoint endpoint, RegistryReference reference, HttpMethod method) => new()
    {
        Endpoint = endpoint,
        Method = method,
        Address = endpoint.At($"manifests/{reference.Asked}"),
        Subject = $"manifest '{reference.Asked}' of '{endpoint}'",
        Accept = ManifestTypes,
    };

    /// <summary>Mirrors first. Where none has it, the registry's own word is what counts, and theirs are told with it.</summary>
    private T FromAny<T>(RegistryReference reference, Func<RegistryEndpoint, T> ask)
    {
        var problems = new List<string>();
        foreach (var endpoint in RegistryEndpoint.For(reference, options.Settings))
        {
            try
            {
                return ask(endpoint);
            }
            catch (ArchiveException e) when (endpoint.IsMirror)
            {
                problems.Add(e.Message);
            }
            catch (RegistryException e) when (problems.Count > 0)
            {
                throw new RegistryException(e.Message, $"and of its mirrors: {string.Join("; ", problems)}", e.Status, e);
            }
        }

        throw new InvalidOperationException("the registry itself is the last that is asked");
    }

    private static IEnumerable<string> TagsIn(byte[] json, string subject)
    {
        try
        {
            var root = JsonElement.Parse(json);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("tags", out var tags))
            {
                // An empty repository has null there.
                return tags.ValueKind == JsonValueKind.Null
                    ? []
                    : [.. tags.EnumerateArray().Select(tag => tag.GetString()).OfType<string>().Where(RegistryReference.IsTag)];
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RegistryException(subject, "are no JSON of the expected form", cause: e);
        }

        throw new RegistryException(subject, "are no JSON of the expected form");
    }

    /// <summary>RFC 8288, as the distribution-spec has it: <c>Link: &lt;url&gt;; rel="next"</c>, and at this server.</summary>
    private static Uri? NextPage(RegistryEndpoint endpoint, Uri page, HttpResponseMessage response)
    {
        if (Header(response, "Link") is not { } link || !link.StartsWith('<') || !link.Contains("rel=\"next\"", StringComparison.Ordinal))
        {
            return null;
        }

        int end = link.IndexOf('>', StringComparison.Ordinal);
        return end > 0 && Uri.TryCreate(page, link[1..end], out var next) && endpoint.Owns(next) ? next : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>What was answered instead, in the registry's own words where it has some.</summary>
    private RegistryException Failed(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellation) => new(
        request.Subject,
        RegistryAnswer.Describe(response, () => _transport.Read(response, RegistryAnswer.MaxBytes, request.Subject, cancellation)),
        response.StatusCode);
}
