namespace Provenance.Archive.Content;

/// <summary>Media types of the blobs we keep. Source: OCI image-spec v1.1.1, media-types.md; ours are in schema/FORMAT.md.</summary>
public static class MediaTypes
{
    public const string ImageIndex = "application/vnd.oci.image.index.v1+json";
    public const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";
    public const string LayerTar = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerTarGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string LayerTarZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayerTar = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerTarGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Of <see cref="EmptyObject"/>.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    /// <summary>An in-toto Statement v1, the exact bytes that are signed.</summary>
    public const string Statement = "application/vnd.in-toto+json";

    /// <summary>A detached CMS signature (RFC 5652), DER.</summary>
    public const string CmsSignature = "application/pkcs7-signature";

    /// <summary>A certificate revocation list (RFC 5280 §5), DER. Source: RFC 2585 §4.2.</summary>
    public const string RevocationList = "application/pkix-crl";

    /// <summary>A list too long for a record: one JSON value a line.</summary>
    public const string JsonLines = "application/jsonl";

    public const string OctetStream = "application/octet-stream";
    public const string PlainText = "text/plain";
}
