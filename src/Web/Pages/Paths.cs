using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Web.Pages;

/// <summary>Addresses on this site, each in one spelling. Nothing else puts one together.</summary>
internal static class Paths
{
    public static string Run(Digest record) => $"/runs/{record.Hex}";

    public static string Replay(Digest record) => $"/replays/{record.Hex}";

    public static string Image(Digest manifest) => $"/images/{manifest}";

    public static string Signer(Digest certificate) => $"/signers/{certificate.Hex}";

    public static string Paper(Doi doi) => $"/papers/{doi.Escaped}";

    /// <param name="hex">Of a SHA-256, SHA-512, SHA-1 or MD5.</param>
    public static string File(string hex) => $"/files/{ContentHex.AlgorithmOf(hex)}:{hex}";

    public static string Blob(Digest digest) => $"/blobs/{digest}";

    public static string Differences(Digest a, Digest b) => $"/runs/{a.Hex}/diff/{b.Hex}";

    /// <summary>The page of a record of any kind; of those that have none, its bytes.</summary>
    public static string Record(RecordKind kind, Digest record) => kind switch
    {
        RecordKind.Run => Run(record),
        RecordKind.Replay => Replay(record),
        RecordKind.Image => $"/images/record/{record.Hex}",
        _ => $"/records/{record.Hex}",
    };
}
