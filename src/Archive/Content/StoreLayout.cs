namespace Provenance.Archive.Content;

/// <summary>Every path of an archive. Nothing else puts one together. Specified in schema/FORMAT.md.</summary>
/// <param name="cache">Where the cache is when it cannot be in the archive; null for its own place.</param>
public sealed class StoreLayout(string root, string? cache = null)
{
    private const string ArrivalPrefix = "arrival-";
    private const string ProofEnding = ".tlog-proof";

    /// <summary>Below <see cref="Uploads"/>.</summary>
    public const string PromisedName = "promised";

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The file that makes the folder an OCI image layout.</summary>
    public string OciLayout => Path.Combine(Root, "oci-layout");

    /// <summary>The names of images, as an OCI index.</summary>
    public string Index => Path.Combine(Root, "index.json");

    public string Blobs => Path.Combine(Root, "blobs", "sha256");

    /// <summary>Records that are acknowledged and not yet in the log.</summary>
    public string Incoming => Path.Combine(Root, "incoming");

    /// <summary>What may be shown to everybody, and served as it is: C2SP tlog-tiles.</summary>
    public string Log => Path.Combine(Root, "log");

    /// <summary>Time stamps over what the log holds.</summary>
    public string Seals => Path.Combine(Root, "seals");

    /// <summary>What the log commits to: the last file that is written.</summary>
    public string Checkpoint => Path.Combine(Log, "checkpoint");

    /// <summary>The log's verifier key, beside the log for whoever follows it. What is trusted here is the one among the keys.</summary>
    public string PublishedLogKey => Path.Combine(Log, "vkey");

    /// <summary>Which key of the log follows which, each named for the ID of the old one.</summary>
    public string LogRotations => Path.Combine(Log, "rotations");

    /// <summary>Checkpoints that witnesses have cosigned, each named for its size.</summary>
    public string Cosigned => Path.Combine(Log, "cosigned");

    /// <summary>For each record that is in the log, a proof of that which needs no log. They can be made again from it.</summary>
    public string Proofs => Path.Combine(Root, "proofs");

    /// <summary>What the logs of other archives prove of records that came from there. It cannot be made again.</summary>
    public string Origins => Path.Combine(Root, "origins");

    /// <summary>Held while it is counted how many there are of a record.</summary>
    public string OriginsLock => Path.Combine(Origins, ".lock");

    /// <summary>Seals of those archives, each over many of the records.</summary>
    public string OriginSeals => Path.Combine(Origins, "seals");

    /// <summary>What was last seen of the logs that are followed from here.</summary>
    public string Audits => Path.Combine(Root, "audits");

    /// <summary>Held by whoever writes the log, the index or the catalog; opened with FileShare.None.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>Held by <c>prov archive gc</c> alone, so that there is one at a time; records are sequenced meanwhile.</summary>
    public string GcLock => Path.Combine(Root, "gc.lock");

    /// <summary>What was kept and was removed on purpose, one JSON line for each blob. Written by gc alone.</summary>
    public string Dropped => Path.Combine(Root, "dropped.jsonl");

    /// <summary>What repair and backup put aside because it was damaged, under the path that it had. Nothing reads it.</summary>
    public string Quarantine => Path.Combine(Root, "quarantine");

    public string CatalogDatabase => Path.Combine(Root, "catalog.db");

    /// <summary>Who may write and read what over the web, and what clients of the registry pushed. It cannot be made anew.</summary>
    public string ServiceDatabase => Path.Combine(Root, "service.db");

    /// <summary>What clients have begun to send and nothing names yet.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>What servers of the web have promised of the room that quotas leave, see <see cref="Upkeep.PromisedRoom"/>.</summary>
    public string Promised => Path.Combine(Uploads, PromisedName);

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The certification authority that is kept here, if one is.</summary>
    public string Authority => Path.Combine(Keys, "authority");

    /// <summary>The key that signs the log's checkpoints, and the last one it signed.</summary>
    public string LogKeys => Path.Combine(Keys, "log");

    public string Trust => Path.Combine(Root, "trust");

    /// <summary>Certificates of those whose time stamps are believed.</summary>
    public string TimestampTrust => Path.Combine(Trust, "tsa");

    /// <summary>Certificates that are no longer trusted here, whoever vouches for them.</summary>
    public string Withdrawn => Path.Combine(Trust, "withdrawn.toml");

    /// <summary>Who of those may sign what.</summary>
    public string TrustPolicy => Path.Combine(Trust, "policy.toml");

    public string Config => Path.Combine(Root, "config.toml");

    /// <summary>Blobs that are being written. On the same file system as the blobs, so that rename is atomic.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>What has arrived of a bundle that is being taken in, as a small archive of its own.</summary>
    /// <param name="manifest">Digest of the bundle's manifest, so that who begins again goes on.</param>
    public string ArrivalPath(Digest manifest) => Path.Combine(Temporary, ArrivalPrefix + manifest.Hex);

    /// <summary>Every such folder there is.</summary>
    public IEnumerable<string> Arrivals() =>
        Directory.Exists(Temporary) ? Directory.EnumerateDirectories(Temporary, ArrivalPrefix + "*") : [];

    public string Cache { get; } = Path.GetFullPath(cache ?? Path.Combine(root, "cache"));

    /// <summary>Unpacked images by tree digest. Deleting it loses nothing.</summary>
    public string RootfsCache => Path.Combine(Cache, "rootfs");

    /// <summary>The files that unpacked images share by hard link. Deleting it loses nothing.</summary>
    public string FilesCache => Path.Combine(Cache, "files");

    /// <summary>Digests of large files by inode and times. Deleting it loses nothing.</summary>
    public string DigestCache => Path.Combine(Cache, "digests");

    /// <summary>What was found in programs and libraries, by digest. Deleting it loses nothing.</summary>
    public string AnalysisCache => Path.Combine(Cache, "analysis");

    /// <summary>How much the blobs took when they were last measured. Deleting it loses nothing.</summary>
    public string SizeCache => Path.Combine(Root, "size");

    public string BlobPath(Digest digest) => Path.Combine(Blobs, digest.Hex);

    public string ProofPath(Digest record) => Path.Combine(Proofs, record.Hex + ProofEnding);

    /// <summary>The folder of what other logs prove of a record.</summary>
    public string OriginFolder(Digest record) => Path.Combine(Origins, record.Hex);

    /// <param name="record">What is proved.</param>
    /// <param name="proof">SHA-256 of the proof's bytes.</param>
    public string OriginPath(Digest record, Digest proof) => Path.Combine(OriginFolder(record), proof.Hex + ProofEnding);

    /// <param name="token">SHA-256 of the token's bytes.</param>
    public string OriginSealFolder(Digest token) => Path.Combine(OriginSeals, token.Hex);

    /// <returns>The proof's digest by the name of its file; null when it is no such name.</returns>
    public static Digest? FindOrigin(string path) =>
        path.EndsWith(ProofEnding, StringComparison.Ordinal) && Digest.TryParseHex(Path.GetFileName(path)[..^ProofEnding.Length], out var proof) ? proof : null;

    /// <summary>The folder an unpacked image stands in.</summary>
    public string RootfsPath(Digest tree) => Path.Combine(RootfsCache, tree.Hex);
}
