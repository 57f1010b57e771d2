namespace Provenance.Archive.Images;

/// <summary>Annotations of the descriptors in an archive's index.json. Specified in schema/FORMAT.md.</summary>
internal static class ImageAnnotations
{
    /// <summary>Source: OCI image-spec v1.1.1, annotations.md.</summary>
    public const string Name = "org.opencontainers.image.ref.name";

    /// <summary>Digest of the tree manifest.</summary>
    public const string Tree = "x-prov.tree";

    /// <summary>Digest of the signed image/v1 statement.</summary>
    public const string Record = "x-prov.record";

    /// <summary>Digest of the multi-platform index that the manifest was chosen from.</summary>
    public const string Index = "x-prov.index";
}
