using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>The images of an archive by name: its index.json, which any OCI tool reads. The catalog is not asked.</summary>
public sealed class ImageNames(StoreLayout layout, BlobStore blobs, FolderSync sync)
{
    /// <summary>Every image, by name; those without a name last, by digest.</summary>
    public IReadOnlyList<NamedImage> List()
    {
        _ = (layout, blobs, sync);
        throw new NotImplementedException();
    }

    /// <summary>Takes a name, <c>sha256:…</c>, or at least 4 hex digits of a manifest's or tree's digest.</summary>
    /// <exception cref="ImageException">No image, or more than one, is meant.</exception>
    public StoredImage Resolve(string reference) => Find(reference)
        ?? throw new ImageException($"image '{reference}': not in the archive");

    /// <returns>Null when no image is meant.</returns>
    /// <exception cref="ImageException">More than one is meant.</exception>
    public StoredImage? Find(string reference) => throw new NotImplementedException();

    /// <summary>Lists an image, under a name that then belongs to it alone, or without one.</summary>
    public void Set(string? name, ImportedImage image, Digest? record) => throw new NotImplementedException();

    /// <summary>Takes a name away; the image stays listed without it only if it had been listed so. Blobs stay.</summary>
    /// <returns>False when there was no such image.</returns>
    public bool Remove(string reference) => throw new NotImplementedException();

    /// <summary>Whether it can be the name of an image: letters, digits and <c>._-/:</c>, beginning with a letter or digit.</summary>
    public static bool IsName(string text) => throw new NotImplementedException();
}
