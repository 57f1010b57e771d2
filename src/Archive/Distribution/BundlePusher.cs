using Provenance.Archive.Content;
using Provenance.Archive.Exchange;

namespace Provenance.Archive.Distribution;

/// <summary>Sends bundles to a registry as artifacts.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="client">Speaks with the registry.</param>
public sealed class BundlePusher(BlobStore blobs, RegistryClient client)
{
    /// <param name="bundle">What goes.</param>
    /// <param name="marks">Who may see it there.</param>
    /// <param name="target">The repository.</param>
    /// <param name="progress">Told of bytes that went or need not go, and of how many there are.</param>
    /// <param name="cancellation">Ends sending; what went is there the next time.</param>
    /// <exception cref="RegistryException">The registry does not take it, or does not obey the marks.</exception>
    public PushReport Push(
        Bundle bundle, BundleArtifactMarks marks, RegistryReference target, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (marks.IsAny && !client.IsArchive(target, cancellation))
        {
            throw new RegistryException($"registry '{target.Host}'", "is no archive of prov: it would show everybody what is private or under embargo");
        }

        var artifact = BundleArtifact.Of(bundle, blobs, marks);
        var outgoing = OutgoingArtifact.Of(artifact);
        var sender = new BlobSender(client, target, progress)
        {
            TotalBytes = artifact.Layers.DistinctBy(layer => layer.Content.Digest).Sum(layer => layer.Content.Size) + EmptyObject.Descriptor.Size,
        };
        sender.Send(outgoing, artifact.Tag, RepositoryOf(bundle), cancellation);
        return sender.Report(target.At(artifact.Tag), artifact.Manifest.Digest, []);
    }

    /// <summary>Where the run's image, if it was pushed to the same registry by its name, has its layers.</summary>
    private static string? RepositoryOf(Bundle bundle) => bundle.ImageNames.Values
        .Select(name => name.LastIndexOf(':') is > 0 and var colon ? name[..colon] : name)
        .FirstOrDefault(RegistryReference.IsRepository);
}
