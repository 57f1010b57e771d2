using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>Records told in the words of others: the descriptions that lie in a bundle, and others, without the bundle.</summary>
public static class BundleDescriptions
{
    /// <summary>RO-Crate 1.1, Process Run Crate 0.5. Its parts are named by their places in the bundle.</summary>
    public static byte[] RoCrate(Bundle bundle, BlobStore blobs) => new RoCrate(bundle, blobs).ToBytes();

    /// <summary>W3C PROV-JSON.</summary>
    public static byte[] ProvJson(Bundle bundle, BlobStore blobs) => new ProvJson(bundle, blobs).ToBytes();

    /// <summary>W3C PROV-N.</summary>
    public static byte[] ProvN(Bundle bundle, BlobStore blobs) => Exchange.ProvN.Of(ProvJson(bundle, blobs));

    /// <summary>SLSA provenance v1 of one of its runs, an in-toto statement that nobody has signed.</summary>
    public static byte[] Slsa(Bundle bundle, Digest run, BlobStore blobs)
    {
        var record = bundle.Records.First(record => record.Signed.Record == run);
        return SlsaProvenance.Of(record, (RunRecord)record.Predicate, blobs);
    }
}
