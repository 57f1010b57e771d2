using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Images.Tree;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images;

/// <summary>One import. Blobs get their names only when all of the image was read and is what it says; disposing drops the rest.</summary>
internal sealed class ImageIntake : IDisposable
{
    private const string Linux = "linux";

    private readonly BlobStore _blobs;
    private readonly ImageSource _source;
    private readonly ImportOptions _options;
    private readonly ProgressReporter _progress;
    private readonly PackageCollector _packages;
    private readonly LayerReader _reader;
    private readonly LayerIntake _intake;
    private readonly List<BlobWriteStream> _unkept = [];
    private readonly List<ImageLayer> _layers = [];

    public ImageIntake(
        BlobStore blobs,
        ImageSource source,
        ImportOptions options,
        ITreeWriter? tree,
        ProgressReporter progress,
        CancellationToken cancellation,
        IReadOnlyList<OwningPackage>? owners = null)
    {
        (_blobs, _source, _options, _progress) = (blobs, source, options, progress);
        _packages = new PackageCollector { Owners = owners };
        _reader = new LayerReader(tree, options.Limits, _packages);
        _intake = new LayerIntake(_reader, options.Limits, progress, cancellation);
        progress.Entries = () => _reader.Entries;
    }

    public ImportedImage Import(PackedImage image)
    {
        var declared = image.Config is null ? null : ParseConfig(image);
        _progress.Begin(ImportPhase.Layers, image.Layers.All(layer => layer.Size is not null) ? image.Layers.Sum(layer => layer.Size) : null);
        foreach (var layer in image.Layers)
        {
            Read(layer, image.Manifest is not null, declared?.DiffIds[_layers.Count]);
        }

        _progress.Begin(ImportPhase.Finishing, null);
        var configDocument = image.Config ?? MakeConfig(image);
        var config = declared ?? ImageConfig.Parse(configDocument.Content);
        return Keep(image, configDocument, config);
    }

    public void Dispose() => _unkept.ForEach(blob => blob.Dispose());

    /// <summary>Checks of a config what can be checked before its layers are read.</summary>
    private ImageConfig ParseConfig(PackedImage image)
    {
        var config = ImageConfig.Parse(image.Config!.Content);
        if (config.DiffIds.Count != image.Layers.Count)
        {
            throw new HostileImageException(
                $"image '{_source}': has {image.Layers.Count} layers, its config {config.DiffIds.Count} diff_ids");
        }

        if (config.Os != Linux)
        {
            throw new ImageException($"image '{_source}': is for '{config.Os}', not for Linux");
        }

        CheckPlatform(config.Platform);
        return config;
    }

    private void CheckPlatform(Platform platform)
    {
        if (_options.Platform is { } wanted && !PlatformChoice.Satisfies(platform, wanted with { Variant = null }))
        {
            throw new ImageException($"image '{_source}': is for '{platform}', not for '{wanted}'");
        }
    }

    private void Read(PackedLayer layer, bool isNamedByManifest, Digest? diffId)
    {
        bool isHere = isNamedByManifest && _options.LayersAreHere && layer.Expected is { } expected && _blobs.Contains(expected.Digest);
        Stream blob = isHere ? new DescriptorStream(MediaTypes.OctetStream) : _blobs.Create(MediaTypes.OctetStream);
        _unkept.AddRange(blob is BlobWriteStream written ? [written] : []);
        try
        {
            using var hashed = blob as DescriptorStream;
            var read = _intake.Read(layer, blob, isNamedByManifest);
            if (diffId is not null && read.DiffId != diffId)
            {
                throw new DigestMismatchException(read.DiffId, diffId);
            }

            _layers.Add(new ImageLayer
            {
                Blob = read.Blob!,
                DiffId = read.DiffId,
                DecompressedFrom = read.DecompressedFrom?.ToString().ToLowerInvariant(),
            });
        }
        catch (ImageException e)
        {
            throw new ImageException(InLayer(e), e);
        }
        catch (ArchiveException e)
        {
            throw new HostileImageException(InLayer(e), e);
        }
    }

    private string InLayer(ArchiveException e) => $"image '{_source}', layer {_layers.Count + 1}: {e.Message}";

    private PackedDocument MakeConfig(PackedImage image)
    {
        var diffIds = _layers.Select(layer => layer.DiffId);
        if (image.Legacy is { } legacy)
        {
            return new PackedDocument(MediaTypes.ImageConfig, MadeDocuments.Config(legacy, diffIds));
        }

        // A root file system says nowhere what it is for, but its programs do.
        string? architecture = _reader.ElfMachine is { } machine ? ElfMachines.Architecture(machine) : null;
        var platform = new Platform
        {
            Os = Linux,
            Architecture = architecture ?? (_options.Platform ?? _options.Host).Architecture,
        };
        CheckPlatform(platform);
        return new PackedDocument(MediaTypes.ImageConfig, MadeDocuments.Config(platform, diffIds));
    }

    /// <summary>Leaves first: what names a blob comes after it.</summary>
    private ImportedImage Keep(PackedImage image, PackedDocument configDocument, ImageConfig config)
    {
        if (_options.Reserve is { } reserve)
        {
            using var counted = new DescriptorStream(MediaTypes.JsonLines);
            TreeManifest.Write(_reader.Tree, counted, _packages.Add);
            reserve(counted.Length + _packages.List().Length);
        }

        var treeBlob = _blobs.Create(MediaTypes.JsonLines);
        _unkept.Add(treeBlob);
        var summary = TreeManifest.Write(_reader.Tree, treeBlob, _packages.Add);
        var tree = treeBlob.Seal();
        byte[] packages = _packages.List();
        _unkept.ForEach(blob => blob.Commit());
        var packagesBlob = packages.Length == 0 ? null : _blobs.Put(MediaTypes.JsonLines, packages);
        var configBlob = Put(configDocument);
        var manifest = Put(image.Manifest ?? new PackedDocument(
            MediaTypes.ImageManifest, MadeDocuments.Manifest(configBlob, _layers.Select(layer => layer.Blob))));
        foreach (var other in image.Others)
        {
            Put(other);
        }

        var index = image.Index is null ? null : Put(image.Index);
        var platform = PlatformOf(image, config);
        return new ImportedImage
        {
            Manifest = manifest,
            Index = index,
            Config = configBlob,
            Tree = tree.Digest,
            Platform = platform,
            SourceNames = image.Names,
            Record = new ImageRecord
            {
                Recorder = _options.Recorder,
                Manifest = manifest,
                Index = index,
                Config = configBlob,
                Layers = _layers,
                Tree = tree,
                Entries = _reader.Tree.Count,
                UnpackedBytes = summary.UnpackedBytes,
                Platform = platform,
                Packing = image.Packing,
                DeviceNodes = summary.DeviceNodes,
                SetIdFiles = summary.SetIdFiles,
                Packages = _packages.Inventory(packagesBlob),
                Importer = _options.Importer,
            },
        };
    }

    private Descriptor Put(PackedDocument document) => _blobs.Put(document.MediaType, document.Content);

    /// <summary>The level of the processor often stands in the index alone.</summary>
    private static Platform PlatformOf(PackedImage image, ImageConfig config) =>
        config.Variant is null && image.Platform is { } listed
        && listed.Os == config.Os && listed.Architecture == config.Architecture
            ? listed
            : config.Platform;
}
