using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>Sends blobs to one repository, none twice, and counts.</summary>
/// <param name="client">Sends.</param>
/// <param name="repository">Where.</param>
/// <param name="progress">Told of bytes that went or need not go, and of how many there are.</param>
internal sealed class BlobSender(RegistryClient client, RegistryReference repository, IProgress<(long Done, long Total)>? progress)
{
    private readonly HashSet<Digest> _done = [];
    private long _settled;

    /// <summary>Of all that is to be sent, in bytes; for the progress.</summary>
    public long TotalBytes { get; set; }

    public int SentBlobs { get; private set; }

    public long SentBytes { get; private set; }

    public int PresentBlobs { get; private set; }

    public long PresentBytes { get; private set; }

    /// <param name="blob">What it is.</param>
    /// <param name="open">Gives its bytes.</param>
    /// <param name="from">Another repository that may have it.</param>
    /// <param name="cancellation">Ends sending.</param>
    public void Send(Descriptor blob, Func<Stream> open, string? from, CancellationToken cancellation)
    {
        if (!_done.Add(blob.Digest))
        {
            return;
        }

        long going = 0;
        var outcome = client.PutBlob(repository, blob, open, from, bytes => Report(_settled + Math.Min(blob.Size, going += bytes)), cancellation);
        if (outcome == UploadOutcome.Sent)
        {
            SentBlobs++;
            SentBytes += blob.Size;
        }
        else
        {
            PresentBlobs++;
            PresentBytes += blob.Size;
        }

        Report(_settled += blob.Size);
    }

    /// <summary>An artifact with its layers and its config.</summary>
    public void Send(OutgoingArtifact artifact, string? tag, string? from, CancellationToken cancellation)
    {
        foreach (var (content, open) in artifact.Layers)
        {
            Send(content, open, from, cancellation);
        }

        Send(EmptyObject.Descriptor, static () => new MemoryStream(EmptyObject.Bytes.ToArray(), writable: false), null, cancellation);
        client.PutArtifact(tag is null ? repository.At(artifact.Manifest.Digest) : repository.At(tag), artifact, cancellation);
    }

    public PushReport Report(RegistryReference reference, Digest manifest, IReadOnlyList<Digest> referrers) => new()
    {
        Reference = reference.ToString(),
        Manifest = manifest,
        SentBlobs = SentBlobs,
        SentBytes = SentBytes,
        PresentBlobs = PresentBlobs,
        PresentBytes = PresentBytes,
        Referrers = referrers,
        Warnings = client.TakeWarnings(),
    };

    private void Report(long done) => progress?.Report((done, TotalBytes));
}
