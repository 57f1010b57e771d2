using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Distribution;

/// <summary>Fetches bundles from a registry and takes them in, as those of a file are.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="client">Asks the registry.</param>
/// <param name="importer">Takes in.</param>
/// <param name="time">For the limits of the archive.</param>
public sealed class BundlePuller(BlobStore blobs, RegistryClient client, BundleImporter importer, TimeProvider time)
{
    private const int MinPrefixDigits = 4;
    private const int MostNamed = 5;

    /// <summary>The tag of the artifact that was asked for by a record.</summary>
    /// <param name="target">The repository.</param>
    /// <param name="id">Its 64 hex digits, or the first of them.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">There is none, or more than one begins so.</exception>
    public string FindTag(RegistryReference target, string id, CancellationToken cancellation)
    {
        if (Digest.TryParseHex(id, out var whole))
        {
            return BundleArtifactNames.Tag(whole);
        }

        if (id.Length < MinPrefixDigits || !id.All(char.IsAsciiHexDigitLower))
        {
            throw new RegistryException($"run '{id}'", $"is no id: at least {MinPrefixDigits} hex digits are expected");
        }

        var found = client.FindTags(target, BundleArtifactNames.TagPrefix + id, MostNamed, cancellation)
            .Where(tag => BundleArtifactNames.TryParseTag(tag, out _)).ToList();
        return found switch
        {
            [var tag] => tag,
            [] => throw new RegistryException($"run '{id}'", $"there is none in '{target}'"),
            _ => throw new RegistryException($"run '{id}'", $"means any of {string.Join(", ", found.Select(IdOf))}"),
        };

        static string IdOf(string tag) => $"'{tag[BundleArtifactNames.TagPrefix.Length..]}'";
    }

    /// <param name="reference">With the tag or the digest of the artifact.</param>
    /// <param name="progress">Told of bytes of blobs read, and of how many there will be.</param>
    /// <param name="cancellation">Ends it; what has come stays for the next time.</param>
    /// <exception cref="BundleException">It is no bundle, or not whole. The archive is as it was.</exception>
    public ImportedBundle Pull(RegistryReference reference, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var top = client.GetManifest(reference, cancellation);
        var manifest = Parse(reference, top);
        using var fetched = new FetchedBlobs(blobs, client, reference, top.Descriptor.Digest, null);
        ArchiveQuota.Check(blobs.Layout, time, manifest.Files.Where(file => !fetched.Has(file.Content.Digest)).Sum(file => file.Content.Size));
        using var source = BundleSource.Of(reference.ToString(), manifest, layer => fetched.Open(layer, cancellation));
        try
        {
            var imported = importer.Import(source, progress, cancellation);
            fetched.Discard();
            return imported;
        }
        catch (BundleException e) when (e.InnerException is not RegistryException)
        {
            fetched.Discard();
            throw;
        }
    }

    private static BundleArtifactManifest Parse(RegistryReference reference, FetchedManifest top)
    {
        try
        {
            return BundleArtifactManifest.Parse(top.Bytes.Span);
        }
        catch (ArchiveException e)
        {
            throw new BundleException($"bundle '{reference}': {e.Message}", e);
        }
    }
}
