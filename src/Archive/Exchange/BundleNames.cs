using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Exchange;

/// <summary>Every name in a bundle. Nothing else puts one together. Specified in schema/FORMAT.d/bundle.md.</summary>
internal static class BundleNames
{
    /// <summary>Capitals stand before small letters, so that it is the first file of a sorted tar.</summary>
    public const string Manifest = "BUNDLE.json";

    public const string Readme = "README.md";
    public const string OciIndex = "index.json";
    public const string OciLayout = "oci-layout";
    public const string ProvJson = "prov.json";
    public const string RoCrate = "ro-crate-metadata.json";
    public const string Script = "verify.sh";

    private const string BlobFolder = "blobs/sha256/";
    private const string CertificateFolder = "certificates/";
    private const string CertificateEnding = ".pem";
    private const string ProofFolder = "proofs/";
    private const string OriginFolder = "origins/";
    private const string SealFolder = "seals/";
    private const string SealSumsName = "/SHA512SUMS";
    private const string SealTokenName = "/SHA512SUMS.tst";
    private const string ProofEnding = ".tlog-proof";

    private static readonly Dictionary<string, BundlePart> Fixed = new(StringComparer.OrdinalIgnoreCase)
    {
        [Manifest] = BundlePart.Manifest,
        [OciIndex] = BundlePart.Index,
        [OciLayout] = BundlePart.Description,
        [ProvJson] = BundlePart.Description,
        [Readme] = BundlePart.Description,
        [RoCrate] = BundlePart.Description,
        [Script] = BundlePart.Description,
    };

    public static string Blob(Digest digest) => BlobFolder + digest.Hex;

    /// <param name="fingerprint">SHA-256 of the certificate's DER bytes.</param>
    public static string Certificate(Digest fingerprint) => CertificateFolder + fingerprint.Hex + CertificateEnding;

    public static string Proof(Digest record) => ProofFolder + record.Hex + ProofEnding;

    /// <param name="proof">SHA-256 of the proof's bytes.</param>
    public static string Origin(Digest proof) => OriginFolder + proof.Hex + ProofEnding;

    /// <param name="token">SHA-256 of the token's bytes.</param>
    public static string SealSums(Digest token) => SealFolder + token.Hex + SealSumsName;

    /// <param name="token">SHA-256 of the token's bytes.</param>
    public static string SealToken(Digest token) => SealFolder + token.Hex + SealTokenName;

    /// <summary>What a file is by its name; with a digest where the name has one.</summary>
    /// <exception cref="BundleException">No file of a bundle has that name.</exception>
    public static (BundlePart Part, Digest? Digest) Parse(string name)
    {
        CheckPath(name);
        if (Fixed.TryGetValue(name, out var part))
        {
            string spelled = Fixed.Keys.First(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
            return spelled == name ? (part, null) : throw Refused(name, $"is '{spelled}' in another case");
        }

        return FindDigest(name, BlobFolder, "", BundlePart.Blob)
            ?? FindDigest(name, CertificateFolder, CertificateEnding, BundlePart.Certificate)
            ?? FindDigest(name, ProofFolder, ProofEnding, BundlePart.Proof)
            ?? FindDigest(name, OriginFolder, ProofEnding, BundlePart.Origin)
            ?? FindDigest(name, SealFolder, SealSumsName, BundlePart.SealSums)
            ?? FindDigest(name, SealFolder, SealTokenName, BundlePart.SealToken)
            ?? throw Refused(name, "is no part of a bundle");
    }

    /// <summary>Bundles are unpacked by people: no name may lead elsewhere, whoever unpacks it.</summary>
    /// <exception cref="BundleException">It is no clean relative path.</exception>
    public static void CheckPath(string name)
    {
        if (name.StartsWith('/'))
        {
            throw Refused(name, "is an absolute path");
        }

        string[] parts = name.Split('/');
        if (parts.Contains(".."))
        {
            throw Refused(name, "leads out of the bundle");
        }

        if (parts.Any(part => part is "" or ".") || name.Any(char.IsControl))
        {
            throw Refused(name, "is no clean path");
        }
    }

    public static BundleException Refused(string name, string reason) => new($"entry {TreePath.Quote(name)}: {reason}");

    private static (BundlePart Part, Digest? Digest)? FindDigest(string name, string folder, string ending, BundlePart part)
    {
        if (!name.StartsWith(folder, StringComparison.OrdinalIgnoreCase) || !name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
            || name.Length < folder.Length + ending.Length)
        {
            return null;
        }

        string hex = name[folder.Length..^ending.Length];
        if (!Digest.TryParseHex(hex.ToLowerInvariant(), out var digest))
        {
            return null;
        }

        string spelled = folder + digest.Hex + ending;
        return spelled == name ? (part, digest) : throw Refused(name, $"is '{spelled}' in another case");
    }
}
