using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Upkeep;

/// <summary>What an image is made of, as its manifest or index says: also of one that another OCI tool put into the archive.</summary>
internal sealed class ImageBlobs(BlobStore blobs)
{
    /// <summary>An index may list indexes; deeper ones than this are no image of anybody.</summary>
    private const int MaxDepth = 4;

    /// <summary>Manifests whose layers do not count: these images were taken down.</summary>
    public HashSet<Digest> WithoutLayers { get; } = [];

    /// <summary>The blob itself and all that it names, whether it is there or not. What is no manifest and no index names nothing.</summary>
    public IEnumerable<Digest> Of(Digest document) => Of(document, 0);

    private IEnumerable<Digest> Of(Digest digest, int depth)
    {
        yield return digest;
        if (depth > MaxDepth || Find(digest) is not { } document)
        {
            yield break;
        }

        var leaves = (WithoutLayers.Contains(digest) ? [] : document.Layers ?? []).Prepend(document.Config);
        foreach (var leaf in leaves)
        {
            if (Digest.TryParse(leaf?.Digest, out var named))
            {
                yield return named;
            }
        }

        foreach (var listed in document.Manifests ?? [])
        {
            if (Digest.TryParse(listed.Digest, out var named))
            {
                foreach (var further in Of(named, depth + 1))
                {
                    yield return further;
                }
            }
        }
    }

    private OciDocument? Find(Digest digest)
    {
        try
        {
            return blobs.Contains(digest) && blobs.SizeOf(digest) <= ImportLimits.Default.MaxJsonBytes
                ? OciReader.ReadDocument(blobs.Read(digest, ImportLimits.Default.MaxJsonBytes), $"manifest '{digest}'")
                : null;
        }
        catch (ArchiveException)
        {
            return null; // a tree manifest, a record: it names nothing in the way of OCI
        }
    }
}
