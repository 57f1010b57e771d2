using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Upkeep;

/// <summary>Reads every record, waiting or logged, and every name of an image, and collects what they need.</summary>
/// <remarks>
/// Names first, then incoming/, then the log: a record leaves incoming/ after it is in the log, so that none is missed. One that cannot be
/// read might need anything: then nothing is collected at all.
/// </remarks>
internal sealed class ReferenceReader(BlobStore blobs, FolderSync sync, GcOptions options, DateTimeOffset now)
{
    private readonly References _found = new();
    private readonly RecordReader _reader = new(blobs);
    private readonly HashSet<DigestKey> _seen = [];

    /// <summary>Manifests and image records that a name, a run or a living process needs.</summary>
    private readonly HashSet<Digest> _neededImages = [];

    private readonly List<(Digest Record, ImageRecord Image)> _images = [];

    /// <summary>What was taken down: its files go, if nothing else needs them.</summary>
    private readonly HashSet<Digest> _takenDown = [];

    private readonly ImageBlobs _walk = new(blobs);

    /// <param name="leased">Image records that living processes name.</param>
    /// <exception cref="ArchiveException">A record cannot be read.</exception>
    public References Read(IEnumerable<Digest> leased, CancellationToken cancellation)
    {
        _neededImages.UnionWith(leased);
        ReadTombstones(cancellation);
        ReadIndex();
        foreach (var leaf in Leaves(cancellation))
        {
            Read(leaf);
        }

        DecideImages();
        return _found;
    }

    private IEnumerable<LogLeaf> Leaves(CancellationToken cancellation)
    {
        var incoming = new IncomingRecords(blobs.Layout, sync);
        foreach (var record in incoming.List())
        {
            if (incoming.Find(record) is { } leaf)
            {
                yield return leaf;
            }
        }

        var log = new TransparencyLog(blobs.Layout, sync);
        foreach (byte[] entry in log.Entries(0, log.Size))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return LogLeaf.Parse(entry);
        }
    }

    /// <summary>As <see cref="Tombstones"/> has it, but without the catalog: gc goes by the log alone.</summary>
    private void ReadTombstones(CancellationToken cancellation)
    {
        var own = KeyStore.OwnCertificates(blobs.Layout);
        foreach (var leaf in Leaves(cancellation).Where(leaf => leaf.Kind == RecordKind.Tombstone))
        {
            var signed = _reader.Read(leaf);
            if (Signer.Of(signed) is not { } signer || !own.Contains(signer.Certificate))
            {
                continue;
            }

            var tombstone = RecordJson.ParseTombstone(signed.Statement.Span).Predicate;
            _takenDown.Add(tombstone.Record.Digest);
            if (tombstone.Kind == RecordKind.Image)
            {
                var image = RecordJson.ParseImage(blobs.Read(tombstone.Record.Digest, CanonicalJson.MaxBytes)).Predicate;
                _walk.WithoutLayers.Add(image.Manifest.Digest);
            }
        }
    }

    private void ReadIndex()
    {
        Need(new PushedManifests(blobs.Layout, TimeProvider.System).Needed(_takenDown));
        var names = new ImageNames(blobs.Layout, blobs, sync);
        foreach (var variant in names.ListIndexes().SelectMany(index => index.Variants))
        {
            _neededImages.Add(variant.Manifest.Digest);
            Need(_walk.Of(variant.Tree));
            Need(variant.Record is { } record ? _walk.Of(record) : []);
        }

        foreach (var listed in IndexFile.Read(blobs.Layout))
        {
            if (Digest.TryParse(listed.Digest, out var manifest))
            {
                _neededImages.Add(manifest);
                Need(_walk.Of(manifest));
                Need(new[] { ImageAnnotations.Tree, ImageAnnotations.Record, ImageAnnotations.Index }
                    .SelectMany(name => Digest.TryParse(listed.Annotations?.GetValueOrDefault(name), out var named) ? _walk.Of(named) : []));
            }
        }
    }

    private void Read(LogLeaf leaf)
    {
        _found.Need(leaf.Record.Digest);
        _found.Need(leaf.Signature.Digest);
        if (!_seen.Add(DigestKey.Of(leaf.Record.Digest)))
        {
            return;
        }

        try
        {
            var signed = _reader.Read(leaf);
            switch (leaf.Kind)
            {
                case RecordKind.Image:
                    _images.Add((leaf.Record.Digest, RecordJson.ParseImage(signed.Statement.Span).Predicate));
                    break;
                case RecordKind.Run:
                    Read(leaf.Record.Digest, RecordJson.ParseRun(signed.Statement.Span).Predicate);
                    break;
                case RecordKind.Endorsement:
                    _found.Need(RecordJson.ParseEndorsement(signed.Statement.Span).Predicate.Record.Digest);
                    break;
                case RecordKind.Citation:
                    _found.Need(RecordJson.ParseCitation(signed.Statement.Span).Predicate.Run.Digest);
                    break;
                case RecordKind.Tombstone:
                    _found.Need(RecordJson.ParseTombstone(signed.Statement.Span).Predicate.Record.Digest);
                    break;
                case RecordKind.Rotation or RecordKind.Revocation:
                    Need(RecordBlobs.Of(RecordJson.ParsePredicate(leaf.Kind, signed.Statement.Span)).Select(blob => blob.Digest));
                    break;
                default:
                    Read(leaf.Record.Digest, RecordJson.ParseReplay(signed.Statement.Span).Predicate);
                    break;
            }
        }
        catch (ArchiveException e)
        {
            throw new ArchiveException($"record '{leaf.Record.Digest.Abbreviated}': cannot be read, so that nothing is removed: {e.Message}", e);
        }
    }

    private void Read(Digest record, RunRecord run)
    {
        _neededImages.Add(run.Image.Manifest);
        _neededImages.Add(run.Image.Record);
        _found.Need(run.Image.Record);
        _found.Need(run.Image.Tree);
        Need(_walk.Of(run.Image.Manifest));
        var contents = RecordBlobs.ContentsOf(run).ToList();
        Need(RecordBlobs.Of(run).Except(contents).Select(blob => blob.Digest));
        bool drops = _takenDown.Contains(record) || (IsOld(run.Outcome) && !IsProtected(record, run));
        Contents(contents.Select(blob => blob.Digest), drops);
        Contents(KeptIn(run.Used, RecordLines.ReadUsed, file => file.Kept ? file.Digest : null), drops);
        Contents(KeptIn(run.Generated, RecordLines.ReadGenerated, file => file.Kept ? file.Digest : null), drops);
    }

    private void Read(Digest record, ReplayRecord replay) => Contents(
        RecordBlobs.ContentsOf(replay).Select(blob => blob.Digest),
        _takenDown.Contains(record) || _takenDown.Contains(replay.Run)
            || (replay.Outcome is { } outcome && IsOld(outcome) && !options.KeepRuns.Contains(replay.Run)));

    private bool IsOld(Outcome outcome) => options.DropContents is { } age && outcome.EndedAt < now - age;

    private bool IsProtected(Digest record, RunRecord run) =>
        options.KeepRuns.Contains(record) || run.Labels.Any(label => options.KeepLabels.Any(kept =>
            kept.Name == label.Name && (kept.Value.Length == 0 || kept.Value == label.Value)));

    private void Contents(IEnumerable<Digest> digests, bool drops)
    {
        var set = drops ? _found.Droppable : _found.Needed;
        set.UnionWith(digests.Select(DigestKey.Of));
    }

    private IEnumerable<Digest> KeptIn<T>(FileList list, Func<Stream, IEnumerable<T>> read, Func<T, DigestSet?> kept)
    {
        if (list.Blob is null)
        {
            yield break;
        }

        using var lines = blobs.Open(list.Blob);
        foreach (var file in read(lines))
        {
            if (Digest.TryParseHex(kept(file)?.Sha256, out var digest))
            {
                yield return digest;
            }
        }
    }

    /// <summary>Which images are needed is known only when every run is read.</summary>
    private void DecideImages()
    {
        foreach (var (record, image) in _images)
        {
            var layers = image.Layers.Select(layer => layer.Blob.Digest).ToHashSet();
            bool isTakenDown = _takenDown.Contains(record);
            Digest[] all =
            [
                .. RecordBlobs.Of(image).Select(blob => blob.Digest).Where(blob => !isTakenDown || !layers.Contains(blob)),
                .. _walk.Of(image.Manifest.Digest),
                .. image.Index is { } index ? _walk.Of(index.Digest) : [],
            ];
            if (isTakenDown)
            {
                Contents(layers, drops: true);
            }

            if (_neededImages.Contains(record) || _neededImages.Contains(image.Manifest.Digest))
            {
                Need(all);
            }
            else
            {
                _found.Images.Add(new UnneededImage(record, image.Manifest.Digest, [.. all.Distinct()]));
            }
        }
    }

    private void Need(IEnumerable<Digest> digests)
    {
        foreach (var digest in digests)
        {
            _found.Need(digest);
        }
    }
}
