using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>Records told in the words of others: the descriptions that lie in a bundle, without the bundle.</summary>
public static class BundleDescriptions
{
    /// <summary>RO-Crate 1.1, Process Run Crate 0.5. Its parts are named by their places in the bundle.</summary>
    public static byte[] RoCrate(Bundle bundle, BlobStore blobs) => new RoCrate(bundle, blobs).ToBytes();

    /// <summary>W3C PROV-JSON.</summary>
    public static byte[] ProvJson(Bundle bundle, BlobStore blobs) => new ProvJson(bundle, blobs).ToBytes();
}
