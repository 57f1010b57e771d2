using System.Text;
using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Million;

/// <summary>Makes an archive of very many runs: its log, its catalog by the catalog's own writer, and for a part of the runs all that an archive keeps.</summary>
/// <remarks>
/// Every record is a statement of its kind, canonical, and stands in the log under its real digest. Of most of them that is all: no blob is kept, and
/// the signature, which nobody made, is named by a digest of nothing that is there. The others, spread evenly, are signed by real keys, and their
/// statements, signatures, lists and files are there. Nothing is synced: an archive that a measurement makes need not survive a power cut.
/// </remarks>
internal sealed class ArchiveMaker
{
    /// <summary>Runs in one transaction and under one checkpoint.</summary>
    private const int Batch = 5000;

    private readonly StoreLayout _layout;
    private readonly BlobStore _blobs;

    /// <summary>Lists that the catalog's writer reads and that nobody keeps.</summary>
    private readonly BlobStore _scratch;

    private readonly TransparencyLog _log;
    private readonly Person[] _people;

    public ArchiveMaker(string root, string scratch)
    {
        _layout = new StoreLayout(root);
        _blobs = new BlobStore(_layout, Sync);
        _scratch = new BlobStore(new StoreLayout(scratch), Sync);
        _log = new TransparencyLog(_layout, Sync);
        foreach (string folder in (string[])[_layout.Blobs, _scratch.Layout.Blobs, _layout.Trust, _layout.Keys])
        {
            Directory.CreateDirectory(folder);
        }

        _people = [.. Enumerable.Range(0, World.People).Select(MakePerson)];
    }

    /// <param name="count">Runs.</param>
    /// <param name="signed">Of these, so many with all that belongs to them.</param>
    /// <param name="say">Told how far it is.</param>
    public void Make(int count, int signed, Action<string> say)
    {
        using var catalog = CatalogDatabase.OpenForWriting(_layout.CatalogDatabase);
        catalog.Connection.Execute("pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -1500000; pragma temp_store = memory;");
        var images = MakeImages(catalog);
        var maker = new RecordMaker(new RunMaker(count, images), _people, count, signed);
        Task<IReadOnlyList<MadeRecord>>? making = null;
        for (int from = 0; from < count; from += Batch)
        {
            making ??= Next(from);
            var made = making.GetAwaiter().GetResult();
            making = from + Batch < count ? Next(from + Batch) : null;
            Keep(catalog, made);
            if (from / Batch % 10 == 9)
            {
                say($"{from + Batch} runs");
            }
        }

        say("putting the catalog in order");
        catalog.Connection.Execute("pragma journal_mode = wal");

        Task<IReadOnlyList<MadeRecord>> Next(int first) => Task.Run(() => maker.Make(first, Math.Min(count, first + Batch)));
    }

    private static void Sync(string folder)
    {
    }

    /// <summary>Two of three are trusted here.</summary>
    private Person MakePerson(int number)
    {
        var key = SigningKey.Create($"{World.Fields[number % World.Fields.Length]} researcher {number:000}", World.First);
        if (number % 3 != 0)
        {
            AtomicFile.Write(Path.Combine(_layout.Trust, $"{number:000}.pem"), Encoding.ASCII.GetBytes(key.CertificatePem()), Sync);
        }

        return new Person(key.Signer.Name, key);
    }

    private List<MadeImage> MakeImages(CatalogDatabase catalog)
    {
        var made = Enumerable.Range(0, World.Images).Select(MakeImage).ToList();
        IndexFile.Write(_layout, made.Select(pair => ImageNames.ToDescriptor(pair.Image.Name, pair.Image.Image, pair.Image.Record)), Sync);
        Keep(catalog, [.. made.Select(pair => pair.Record)]);
        return [.. made.Select(pair => pair.Image)];
    }

    private (MadeImage Image, MadeRecord Record) MakeImage(int number)
    {
        var layer = Content.Of($"layer {number}");
        var config = Content.Of($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{layer.Sha256}}}"]},"config":{}}""");
        var manifest = Content.Of(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.ImageManifest}}}","config":{"mediaType":"{{{MediaTypes.ImageConfig}}}","digest":"{{{config.Sha256}}}",
            "size":{{{config.Bytes.Length}}}},"layers":[{"mediaType":"{{{MediaTypes.LayerTar}}}","digest":"{{{layer.Sha256}}}","size":{{{layer.Bytes.Length}}}}]}
            """);
        var tree = Content.Of($"tree {number}\n");
        var record = new ImageRecord
        {
            Recorder = World.Recorder,
            Manifest = manifest.ToDescriptor(MediaTypes.ImageManifest),
            Config = config.ToDescriptor(MediaTypes.ImageConfig),
            Layers = [new ImageLayer { Blob = layer.ToDescriptor(MediaTypes.LayerTar), DiffId = layer.Sha256 }],
            Tree = tree.ToDescriptor(MediaTypes.JsonLines),
            Entries = 30_000 + number,
            UnpackedBytes = 1L << 30,
            Platform = World.Platform,
            Packing = "oci",
            DeviceNodes = [],
            SetIdFiles = [],
        };
        var image = ImportedImage.Of(record);
        byte[] statement = RecordJson.Serialize(ImageStatement.Of(image));
        var signed = RecordMaker.Signed(RecordKind.Image, record, statement, _people[number], World.First, [], [manifest, config, layer, tree]);
        return (new MadeImage(World.ImageName(number), image, signed.Record), signed);
    }

    private void Keep(CatalogDatabase catalog, IReadOnlyList<MadeRecord> made)
    {
        foreach (var content in made.SelectMany(record => record.Kept))
        {
            Put(_blobs, content);
        }

        foreach (var list in made.SelectMany(record => record.Lists))
        {
            Put(_scratch, list);
        }

        long before = _log.Size;
        var checkpoint = _log.Append([.. made.Select(record => record.Entry.Leaf!.ToBytes())]);
        using (var transaction = catalog.Connection.BeginTransaction())
        {
            using var writer = new CatalogWriter(transaction, _scratch);
            foreach (var (place, record) in made.Index())
            {
                writer.Apply(before + place, record.Entry);
            }

            writer.SetState(checkpoint.Tree);
            transaction.Commit();
        }

        foreach (var list in made.SelectMany(record => record.Lists))
        {
            File.Delete(_scratch.Layout.BlobPath(list.Sha256));
        }
    }

    private static void Put(BlobStore store, Content content)
    {
        using var file = File.Create(store.Layout.BlobPath(content.Sha256), content.Bytes.Length + 1);
        file.Write(content.Bytes);
    }
}
