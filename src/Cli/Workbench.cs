using Provenance.Archive;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Host;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli;

/// <summary>Everything that a command may need, each part made when it is first asked for: <c>prov run</c> must not open a database.</summary>
/// <param name="terminal">Where it talks.</param>
/// <param name="time">The clock.</param>
/// <param name="layout">The archive; null for the caller's own, which is looked for when it is first needed.</param>
internal sealed class Workbench(Terminal terminal, TimeProvider time, StoreLayout? layout = null) : IDisposable
{
    /// <summary>Of a record's statement, in bytes: long lists are blobs of their own.</summary>
    public const int MaxStatementBytes = 64 << 20;

    private StoreLayout? _layout = layout;
    private BlobStore? _blobs;
    private ImageNames? _images;
    private ImageImporter? _importer;
    private RootfsStore? _rootfs;
    private RecordFinder? _finder;
    private KeyStore? _keys;
    private bool _isKeyThere;

    public Terminal Terminal { get; } = terminal;

    public TimeProvider Time { get; } = time;

    /// <summary>Whether its archive is a bundle that is only looked into: then its log was made on the spot, and says nothing.</summary>
    public bool IsBundle { get; } = layout is not null;

    /// <summary>This program, as records name it.</summary>
    public static Recorder Recorder => RecorderName.Current;

    public StoreLayout Layout => _layout ??= new StoreLayout(ArchiveLocation.Find(Environment.GetEnvironmentVariable));

    public BlobStore Blobs => _blobs ??= new BlobStore(Layout, Files.SyncFolder);

    public ImageNames Images => _images ??= new ImageNames(Layout, Blobs, Files.SyncFolder);

    public ImageImporter Importer => _importer ??= MakeImporter();

    public RootfsStore Rootfs => _rootfs ??= new RootfsStore(Layout);

    /// <summary>The unpacked image of this command's job.</summary>
    public TreeUse? InUse { get; set; }

    /// <summary>Opens the catalog.</summary>
    public RecordFinder Finder => _finder ??= OpenCatalog();

    public RevocationKeeper RevocationKeeper => new(Blobs, Files.SyncFolder, Time, Recorder);

    public Endorser Endorser => new(Blobs, Files.SyncFolder, Time, Recorder);

    public KeyStore Keys => _keys ??= new KeyStore(Layout, Files.SyncFolder, Time);

    /// <summary>At the first use there is no key: one is made then, and that is said.</summary>
    public void EnsureKey()
    {
        // Opening an encrypted key takes a third of a second: once is enough.
        if (_isKeyThere)
        {
            return;
        }

        if (!Keys.HasKey)
        {
            MakeKey(KeyOwner.OfCaller());
        }

        Keys.RequirePassphrase();
        new LogKeyStore(Layout, Files.SyncFolder).RequirePassphrase();
        _isKeyThere = true;
    }

    /// <returns>The fingerprint of its certificate.</returns>
    public Digest MakeKey(
        string name, KeyAlgorithm algorithm = KeyAlgorithm.P256, bool encrypted = false, bool second = false, SignerContacts? contacts = null)
    {
        using var key = Keys.Create(name, algorithm, encrypted, second, contacts);
        Terminal.Note($"made {(second ? "second" : "signing")} key {key.Signer.Fingerprint.Hex[..16]} for {key.Signer.Name}; see prov key show");
        return key.Signer.Fingerprint;
    }

    /// <summary>Signs with the archive's key that an image was taken in, and puts that into the archive.</summary>
    public Digest Keep(Statement<ImageRecord> said)
    {
        EnsureKey();
        using var lease = WriterLease.TryTake(Layout);
        using var key = Keys.Find() ?? throw new TrustException(Layout.Keys, "has no key that signs");
        byte[] statement = RecordJson.Serialize(said with { Signer = key.Signer.PublicKey });
        var signature = new StatementSigner(Layout, Time).Sign(statement, key);
        var record = new RecordIntake(Blobs, Files.SyncFolder).Acknowledge(RecordKind.Image, statement, signature.P7s);
        string[] kept = [.. Endorser.EndorseBySecondKey(RecordKind.Image, statement), .. RevocationKeeper.Keep(key)];
        foreach (string warning in (string[])[.. signature.Warnings, .. kept])
        {
            Terminal.Warning(warning);
        }

        Sequence();
        AskWitnesses();
        return record;
    }

    /// <summary>Has the log cosigned, where config.toml names witnesses. What does not come of it is said, and nothing is lost by it.</summary>
    public WitnessReport AskWitnesses()
    {
        try
        {
            var report = new WitnessRound(Layout, Files.SyncFolder, Time).Ask();
            foreach (string warning in report.Warnings)
            {
                Terminal.Warning(warning);
            }

            return report;
        }
        catch (ArchiveException e)
        {
            Terminal.Warning($"the log is not cosigned: {e.Message}");
            return WitnessReport.Nobody;
        }
    }

    /// <summary>Before a bundle or a seal is made: the revocation lists at hand go along. Where no key can sign, that is said.</summary>
    public void KeepRevocationLists()
    {
        try
        {
            if (!RevocationKeeper.IsNeeded)
            {
                return;
            }

            EnsureKey();
            using var lease = WriterLease.TryTake(Layout);
            using var key = Keys.Find() ?? throw new TrustException(Layout.Keys, "has no key that signs");
            foreach (string warning in RevocationKeeper.Keep(key))
            {
                Terminal.Warning(warning);
            }

            Sequence();
        }
        catch (TrustException e)
        {
            Terminal.Warning($"the revocation lists in trust/ are not kept: {e.Message}");
        }
    }

    /// <summary>Puts what is acknowledged into log and catalog; what cannot be done now, the next does.</summary>
    public SequencingReport Sequence() => new RecordIntake(Blobs, Files.SyncFolder).SequenceIncoming();

    private ImageImporter MakeImporter()
    {
        OpenSslLibrary.Require();
        return new ImageImporter(Blobs, new FolderPacker(Terminal.Warning).Pack);
    }

    private RecordFinder OpenCatalog()
    {
        OpenSslLibrary.Require();
        return RecordFinder.Open(Blobs, Files.SyncFolder);
    }

    public void Dispose()
    {
        _finder?.Dispose();
        InUse?.Dispose();
    }
}
