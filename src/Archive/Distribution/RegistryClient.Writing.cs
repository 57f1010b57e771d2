using System.Net;
using System.Net.Http.Headers;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Distribution;

/// <summary>What is written: blobs, manifests, and lists of referrers where a registry keeps none itself.</summary>
public sealed partial class RegistryClient
{
    /// <summary>Sends a blob where it is not there.</summary>
    /// <param name="reference">The repository.</param>
    /// <param name="blob">What it is.</param>
    /// <param name="open">Gives its bytes from the first on; may be called again after a lost connection.</param>
    /// <param name="from">Another repository of the registry that may have it; null for none.</param>
    /// <param name="sent">Told of bytes as they go.</param>
    /// <param name="cancellation">Ends sending.</param>
    /// <exception cref="RegistryException">It is not taken.</exception>
    public UploadOutcome PutBlob(
        RegistryReference reference, Descriptor blob, Func<Stream> open, string? from, Action<int>? sent, CancellationToken cancellation)
    {
        using var upload = new BlobUpload(_transport, options, RegistryEndpoint.Of(reference), blob, open, sent, cancellation);
        return upload.Run(from == reference.Repository ? null : from);
    }

    /// <summary>Puts a manifest, under its digest or a tag.</summary>
    /// <returns>Whether the registry says that it has noted what the manifest refers to.</returns>
    /// <exception cref="RegistryException">It is not taken.</exception>
    public bool PutManifest(RegistryReference reference, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellation)
    {
        var endpoint = RegistryEndpoint.Of(reference);
        var request = ManifestRequest(endpoint, reference, HttpMethod.Put) with
        {
            Writes = true,
            Accept = [],
            Content = _ => new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        };
        using var response = _transport.Send(request, cancellation);
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.OK))
        {
            throw Failed(request, response, cancellation);
        }

        KeepWarnings(response);
        var digest = Digest.Of(bytes.Span);
        return Digest.TryParse(Header(response, "Docker-Content-Digest"), out var said) && said != digest
            ? throw new RegistryException(request.Subject, $"was sent with digest '{digest}', the registry has '{said}'")
            : Header(response, "OCI-Subject") is not null;
    }

    /// <summary>What registries warned of since this was asked last, each once, in their own words.</summary>
    public IReadOnlyList<string> TakeWarnings()
    {
        string[] warnings = [.. _warnings.Distinct()];
        _warnings.Clear();
        return warnings;
    }

    /// <summary>distribution-spec v1.1.1, "Warnings": <c>299 - "TEXT"</c>, in all of one answer 4096 bytes at most; anything else is passed over.</summary>
    private void KeepWarnings(HttpResponseMessage response)
    {
        const int MostBytes = 4096;
        const string Begin = "299 - \"";
        // Not as the header's own type, which takes a list apart at commas in quotation marks too where one of the fields is malformed.
        if (response.Headers.NonValidated.TryGetValues("Warning", out var fields) && fields.Sum(field => field.Length) <= MostBytes)
        {
            _warnings.AddRange(fields
                .Where(field => field.StartsWith(Begin, StringComparison.Ordinal) && field.EndsWith('"') && field.Length > Begin.Length + 1)
                .Select(field => field[Begin.Length..^1]));
        }
    }

    /// <summary>Puts an artifact that refers to a manifest, so that it is found from there.</summary>
    /// <param name="reference">The repository; with the tag, where it is to have one.</param>
    /// <param name="artifact">With its layers, which are there already.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">It is not taken.</exception>
    public void PutArtifact(RegistryReference reference, OutgoingArtifact artifact, CancellationToken cancellation)
    {
        var at = reference.Tag is null ? reference.At(artifact.Manifest.Digest) : reference with { Digest = null };
        bool isNoted = PutManifest(at, artifact.Bytes, artifact.Manifest.MediaType, cancellation);
        if (artifact.Subject is { } subject && !isNoted && !HasReferrers(reference, subject.Digest, cancellation))
        {
            NoteReferrer(reference, artifact, subject, cancellation);
        }
    }

    /// <summary>distribution-spec, "Listing Referrers": a registry that knows none of it answers 404, one that does with an index, be it empty.</summary>
    private bool HasReferrers(RegistryReference reference, Digest subject, CancellationToken cancellation)
    {
        var endpoint = RegistryEndpoint.Of(reference);
        using var response = _transport.Send(
            new RegistryRequest
            {
                Endpoint = endpoint,
                Method = HttpMethod.Get,
                Address = endpoint.At($"referrers/{subject}"),
                Subject = $"referrers of '{subject}' of '{endpoint}'",
                Writes = true,
                Accept = [MediaTypes.ImageIndex],
            },
            cancellation);
        return response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == MediaTypes.ImageIndex;
    }

    /// <summary>distribution-spec, "Referrers Tag Schema": an index under a tag named for the subject. Two that write it at once may lose one entry.</summary>
    private void NoteReferrer(RegistryReference reference, OutgoingArtifact artifact, Descriptor subject, CancellationToken cancellation)
    {
        var at = reference.At($"sha256-{subject.Digest.Hex}");
        IReadOnlyList<OciDescriptor> listed = FindManifest(at, cancellation) is null
            ? []
            : OciReader.ReadDocument(GetManifest(at, cancellation).Bytes.Span, $"referrers of '{subject.Digest}'").Manifests ?? [];
        string digest = artifact.Manifest.Digest.ToString();
        if (listed.Any(entry => entry.Digest == digest))
        {
            return;
        }

        byte[] index = MadeDocuments.Index(
        [
            .. listed,
            OciDescriptor.Of(artifact.Manifest) with { ArtifactType = artifact.ArtifactType, Annotations = artifact.Annotations },
        ]);
        PutManifest(at, index, MediaTypes.ImageIndex, cancellation);
    }
}
